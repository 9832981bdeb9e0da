import type { Diagnostic, JsonObject, Place } from './common';
import type { Decision, DecisionRequest } from './decisions';

/** A decision request whose answer may be: if others consent. */
export interface CheckRequest extends DecisionRequest {
  /** What exactly is consented to: a vote for another digest is void. */
  digest?: string;
  /** Who began it, as a user ref; the subject, if absent. */
  requester?: string;
  /** What people said so far; of each the last word counts. */
  votes?: Vote[];
}

/** What somebody said of a request. */
export interface Vote {
  /** Their user ref. */
  by: string;
  /** When, in RFC 3339. */
  at: string;
  /** Of what. */
  digest?: string;
  /** Whether they consent. */
  approve: boolean;
}

/** The answer to a check. */
export interface CheckResult {
  outcome: 'allow' | 'deny' | 'needs-approval';
  /** What the rules say. A conditional decision is denied: a check needs the resource. */
  decision: Decision;
  /** The approval that is in the way, or the first of those that were given. */
  approval?: ApprovalState;
  /** All approvals that apply; each is needed. */
  approvals: ApprovalState[];
  /** What the host has to do if it goes on. */
  obligations: Obligation[];
}

/** How far an approval is. */
export interface ApprovalState {
  id: string;
  at: Place;
  /**
   * `rejected`: somebody who may consent refused. `void`: there were enough votes, but for another digest.
   * `expired`: there were enough votes, but too long ago, or it is not known when.
   */
  state: 'pending' | 'approved' | 'rejected' | 'expired' | 'void';
  digest?: string;
  /** When the first of the votes that count ceases to. */
  expiresAt?: string;
  stages: Array<{
    /** So many have to consent. */
    count: number;
    /** Of these: groups, users, `owners-of-resource`. */
    from: string[];
    /** Who did; each counts in one stage only. */
    given: string[];
    missing: number;
    /** Who else can, sorted; the first hundred. */
    candidates: string[];
    /** How many more there are. */
    more?: number;
  }>;
}

/** Tell `to` that somebody uses a role which they have only in an emergency. */
export interface Obligation {
  kind: 'notify';
  to: string[];
  user: string;
  role: string;
  reason: string;
  since: string;
  until: string;
  at: Place;
}

export interface PolicyTestOptions {
  /** Entities that tests name by their refs, with their relations. */
  entities?: JsonObject[];
}

/** How one of the tests beside the rules went. */
export interface PolicyTestResult {
  name: string;
  at: Place;
  passed: boolean;
  /** The answer and its reasons. */
  message: string;
  /** The same as a diagnostic `policy/test-failed`, unless it passed. */
  diagnostic?: Diagnostic;
}
