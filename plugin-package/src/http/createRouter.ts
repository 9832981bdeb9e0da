import { InputError } from '@backstage/errors';
import express, { type Request, type Router } from 'express';
import promiseRouter from 'express-promise-router';
import type { GoldenpathPolicyService } from '../policy';
import type { Asker, Subject } from './Asker';
import type { QuestionAudit } from './QuestionAudit';
import { MAX_BODY, ask, assertFewEnough } from './questions';

/** What is asked, in JSON; the core says whether it is right. */
type Question = Record<string, any> & { permission: any; now: string };

/** Answers each question as the policy does. */
export function createRouter(options: {
  policy: GoldenpathPolicyService;
  asker: Pick<Asker, 'isSelf' | 'mayReadPolicy' | 'subjectsOf'>;
  audit: QuestionAudit;
}): Router {
  const { policy, asker, audit } = options;
  const router = promiseRouter();
  router.use(express.json({ limit: MAX_BODY }));

  router.post('/decide', async (req, res) => {
    const isList = Array.isArray(req.body);
    const questions = await aboutSubjects(req, isList ? req.body : [req.body]);
    const decisions = ask(() => policy.decideBatch(questions));
    audit.decisions(
      req,
      'decide',
      questions.map((request, index) => ({
        request,
        decision: decisions[index],
      })),
    );
    res.json(isList ? decisions : decisions[0]);
  });

  router.post('/explain', async (req, res) => {
    const [question] = await aboutSubjects(req, [req.body]);
    const explanation = ask(() => policy.explain(question));
    const { decision } = explanation;
    audit.decisions(req, 'explain', [{ request: question, decision }]);
    res.json(explanation);
  });

  router.post('/what-can', async (req, res) => {
    const [question] = await aboutSubjects(req, [req.body]);
    const answer = ask(() => policy.whatCan(question));
    audit.question(req, 'what-can', {
      subject: question.subject.userEntityRef,
      isSelf: await asker.isSelf(req, question.subject),
      results: answer.permissions.length,
    });
    res.json(answer);
  });

  router.post('/who-can', async (req, res) => {
    await asker.mayReadPolicy(req);
    const question = toQuestion(req.body);
    const answer = ask(() => policy.whoCan(question));
    audit.question(req, 'who-can', {
      permission: question.permission.name,
      results: answer.answers.reduce((sum, { users }) => sum + users.length, 0),
    });
    res.json(answer);
  });

  router.post('/lint', async (req, res) => {
    await asker.mayReadPolicy(req);
    const question = toQuestion(req.body);
    const found = ask(() => policy.lint(question));
    audit.question(req, 'lint', { results: found.length });
    res.json(found);
  });

  router.use(audit.refused());

  async function aboutSubjects(req: Request, bodies: unknown[]) {
    assertFewEnough(bodies);
    const questions = bodies.map(toQuestion);
    const subjects = await asker.subjectsOf(req, questions.map(subjectOf));
    return questions.map((question, index) => ({
      ...question,
      subject: subjects[index],
    }));
  }

  return router;
}

function toQuestion(body: unknown): Question {
  if (!isObject(body)) {
    throw new InputError('the body has to be an object in JSON');
  }
  return { ...body, now: toNow(body.now) } as Question;
}

function toNow(now: unknown): string {
  if (now !== undefined && typeof now !== 'string') {
    throw new InputError('`now` has to be a time in RFC 3339');
  }
  return now ?? new Date().toISOString();
}

function subjectOf({ subject }: Question): Subject | undefined {
  if (
    subject !== undefined &&
    !(isObject(subject) && typeof subject.userEntityRef === 'string')
  ) {
    throw new InputError('`subject` has to have a `userEntityRef`');
  }
  return subject;
}

function isObject(value: unknown): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
