import type { JsonValue } from './common';
import type { DecisionRequest } from './decisions';

/** A request of OpenID's AuthZEN Authorization API 1.0. */
export interface AuthzenRequest {
  /** The path below `/access/v1/`. */
  api:
    | 'evaluation'
    | 'evaluations'
    | 'search/subject'
    | 'search/resource'
    | 'search/action';
  /** What was sent. */
  body: JsonValue;
}

/** What such a request asks. */
export interface AuthzenQuestions {
  /** In the order of the request. Of a search for actions: one for each that fits the resource. */
  questions: AuthzenQuestion[];
  /** Whether the answer is a list, even of one. */
  isList: boolean;
  /** When to stop. */
  semantic: 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit';
  /** Which part of the results of a search. */
  page?: { token?: string; limit?: number };
  /**
   * Among which entities to search for resources, as a filter of the catalogue: all of them without
   * one. Absent if they are no entities.
   */
  among?: { filter?: Record<string, string> };
}

/**
 * A decision request, but for the time if it is the present, and `entity`, the ref of the entity to ask
 * it for; or why the answer is no.
 */
export type AuthzenQuestion =
  | { request: DecisionRequest; entity?: string }
  | { refused: { status: number; message: string } };
