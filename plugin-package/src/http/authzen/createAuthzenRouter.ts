import { InputError } from '@backstage/errors';
import express, { type Request, type Router } from 'express';
import promiseRouter from 'express-promise-router';
import type {
  AuthzenQuestions,
  AuthzenRequest,
  Decision,
  DecisionRequest,
} from 'goldenpath';
import type { GoldenpathPolicyService } from '../../policy';
import type { Asker } from '../Asker';
import type { QuestionAudit } from '../QuestionAudit';
import { MAX_BODY, ask, assertFewEnough } from '../questions';
import type { Entities } from './Entities';
import { pageOf } from './pageOf';
import { untilDecided } from './untilDecided';

/** Of the kinds of questions that are audited. */
const PREFIX = 'authzen/';

/**
 * Answers as a policy decision point of OpenID's AuthZEN Authorization API 1.0; the
 * core says what a request means.
 */
export function createAuthzenRouter(options: {
  policy: GoldenpathPolicyService;
  asker: Pick<
    Asker,
    'credentialsOf' | 'isSelf' | 'mayReadPolicy' | 'subjectsOf'
  >;
  audit: QuestionAudit;
  entities: Entities;
}): Router {
  const { policy, asker, audit, entities } = options;
  const router = promiseRouter();
  router.use((req, res, next) => {
    const id = req.get('x-request-id');
    if (id !== undefined) {
      res.set('x-request-id', id);
    }
    next();
  });
  router.use(express.json({ limit: MAX_BODY }));

  for (const api of ['evaluation', 'evaluations'] as const) {
    router.post(`/${api}`, async (req, res) => {
      const asked = read(req, api);
      const decided = await decide(req, asked);
      audit.decisions(req, `${PREFIX}${api}`, decided);
      const answers = untilDecided(asked.semantic, decided.map(toAnswer));
      res.json(asked.isList ? { evaluations: answers } : answers[0]);
    });
  }

  router.post('/search/subject', async (req, res) => {
    await asker.mayReadPolicy(req);
    const asked = read(req, 'search/subject');
    const [question] = await questionsOf(req, asked);
    const answers = question
      ? ask(() => policy.whoCan(question.request)).answers
      : [];
    const users = answers
      .filter(({ result }) => result === 'ALLOW')
      .flatMap(answer => answer.users);
    const { results, page } = pageOf(users, asked.page);
    audit.question(req, `${PREFIX}search/subject`, {
      permission: question?.request.permission.name,
      results: results.length,
    });
    res.json({ results: results.map(id => ({ type: 'user', id })), page });
  });

  router.post('/search/action', async (req, res) => {
    const asked = read(req, 'search/action');
    const decided = await decide(req, asked);
    const names = decided
      .filter(({ decision }) => decision?.result === 'ALLOW')
      .map(({ request }) => request!.permission.name);
    const { results, page } = pageOf(names, asked.page);
    await tell(req, 'search/action', decided[0]?.request, results.length);
    res.json({ results: results.map(name => ({ name })), page });
  });

  router.post('/search/resource', async (req, res) => {
    const asked = read(req, 'search/resource');
    const [question] = await questionsOf(req, asked);
    const isPossible =
      question &&
      asked.among &&
      ask(() => policy.decide(question.request)).result !== 'DENY';
    const { results, page } = isPossible
      ? await entities.search({
          filter: asked.among?.filter,
          page: asked.page,
          credentials: await asker.credentialsOf(req),
          isWanted: found =>
            ask(() =>
              policy.decideBatch(
                found.map(resource => onResource(question.request, resource)),
              ),
            ).map(({ result }) => result === 'ALLOW'),
        })
      : pageOf([], undefined);
    await tell(req, 'search/resource', question?.request, results.length);
    const { type } = req.body.resource;
    res.json({ results: results.map(id => ({ type, id })), page });
  });

  router.use(audit.refused(PREFIX));

  /** Tells the auditor of a search on behalf of a subject. */
  async function tell(
    req: Request,
    api: 'search/action' | 'search/resource',
    request: DecisionRequest | undefined,
    results: number,
  ) {
    const subject = request?.subject;
    if (subject) {
      audit.question(req, `${PREFIX}${api}`, {
        permission:
          api === 'search/resource' ? request.permission.name : undefined,
        subject: subject.userEntityRef,
        isSelf: await asker.isSelf(req, subject),
        results,
      });
    }
  }

  function read(req: Request, api: AuthzenRequest['api']): AuthzenQuestions {
    if (!req.is('json')) {
      throw new InputError('the body has to be of type application/json');
    }
    const asked = ask(() => policy.authzen({ api, body: req.body }));
    assertFewEnough(asked.questions);
    return asked;
  }

  /** The decision of each question, or why there is none. */
  async function decide(req: Request, asked: AuthzenQuestions) {
    const questions = await questionsOf(req, asked);
    const requests = questions.map(({ request }) => request);
    const decisions = ask(() => policy.decideBatch(requests));
    const answers = decisions.map((decision, index) => ({
      ...questions[index],
      decision,
    }));
    return asked.questions.map(question =>
      'refused' in question ? { error: question.refused } : answers.shift()!,
    ) as Answered[];
  }

  /** The questions that can be asked, for whom they are and with their entities. */
  async function questionsOf(req: Request, { questions }: AuthzenQuestions) {
    const asked = questions.flatMap(question =>
      'request' in question ? question : [],
    );
    const isForUsers = asked.every(({ request }) => request.subject);
    const subjects = isForUsers
      ? await asker.subjectsOf(
          req,
          asked.map(({ request }) => request.subject),
        )
      : [];
    const known = await entities.get(
      asked.flatMap(({ entity }) => entity ?? []),
      await asker.credentialsOf(req),
    );
    const now = new Date().toISOString();
    return asked.map(({ request, entity }, index) => {
      const timed = { now, ...request, subject: subjects[index] };
      if (entity === undefined) {
        return { request: timed };
      }
      const found = known.get(entity);
      return {
        request: { ...timed, resource: found ?? null },
        error: found ? undefined : notFound(entity),
      };
    });
  }

  return router;
}

/** A question with its decision, and what is wrong with it. */
interface Answered {
  request?: DecisionRequest;
  decision?: Decision;
  error?: { status: number; message: string };
}

function toAnswer({ decision, error }: Answered) {
  if (decision?.result === 'ALLOW') {
    return { decision: true, context: { decision } };
  }
  const reason =
    decision?.result === 'CONDITIONAL'
      ? 'it depends on the resource, which has to be in `resource.properties`'
      : undefined;
  return { decision: false, context: { decision, reason, error } };
}

/** A basic permission looks at no resource. */
function onResource(
  request: DecisionRequest,
  resource: DecisionRequest['resource'],
): DecisionRequest {
  return request.permission.resourceType ? { ...request, resource } : request;
}

function notFound(entity: string) {
  return {
    status: 404,
    message: `the entity \`${entity}\` is not in the catalogue, or you may not read it`,
  };
}
