import { z } from 'zod';
import { now, secondsFromNow } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { bareContext, type RealmCtx, type RealmRef } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { anyone } from '../../kernel/permissions.js';
import { startWorker } from '../../kernel/worker.js';
import type { BindingJobsService } from '../binding-jobs/binding-jobs.service.js';
import type { IdentitiesService, IdentityRow } from '../identities/identities.service.js';
import { isMailable } from '../mail/mail.types.js';
import type { RealmsService } from '../realms/realms.service.js';
import type { RolesService } from '../roles/roles.service.js';
import {
  type CampaignRow,
  claimCampaign,
  groupExists,
  lockCampaign,
  lockCampaignShared,
  updateCampaign,
} from './campaigns.queries.js';
import { endCampaign } from './campaigns.service.js';
import * as people from './people.queries.js';

interface Deps {
  db: Db;
  command: Runner;
  realms: Pick<RealmsService, 'find'>;
  identities: Pick<IdentitiesService, 'lockAlone'>;
  roles: Pick<RolesService, 'managementScopes'>;
  bindingJobs: Pick<BindingJobsService, 'createFor' | 'renew' | 'isResendable' | 'lockById'>;
}

export interface CampaignRunOptions {
  /** How long a campaign stays with a worker that is heard of no more. */
  readonly leaseSeconds?: number;
  readonly batch?: number;
}

/** People at a time; each has a transaction of their own. */
const ABREAST = 4;
const IDLE_MS = 1000;
/** Between two walks over the people: this late a new member is asked. */
const PAUSE_SECONDS = 60;
/** However far away the date: a link that lies in a mailbox for longer is a risk, and a reminder brings a new one. */
const MOST_SECONDS = 30 * 86_400;
const LEAST_SECONDS = 60;

const DAY_MS = 86_400_000;

/** Until the date, or as long as a link may live. */
const lifetimeOf = ({ due_at }: CampaignRow): number =>
  Math.max(LEAST_SECONDS, Math.min(MOST_SECONDS, Math.floor((due_at.getTime() - now().getTime()) / 1000)));

/** The moments of the reminders, the first one first. */
const roundsOf = ({ due_at, reminder_days }: CampaignRow): Date[] =>
  reminder_days.map((days) => new Date(due_at.getTime() - days * DAY_MS));

/** The round that is on: the last one whose moment has come, unless it is over. */
function roundOf(of: CampaignRow, at: Date): Date | undefined {
  const round = roundsOf(of).findLast((moment) => moment <= at);
  return round !== undefined && (of.reminded_for === null || of.reminded_for < round) ? round : undefined;
}

type Progress = Partial<
  Pick<CampaignRow, 'asked_up_to' | 'ask_at' | 'reminded_up_to' | 'reminded_for' | 'work_at'>
>;

interface Done {
  readonly progress: Progress;
  readonly fault: unknown;
}
const NOTHING: Done = { progress: {}, fault: undefined };

/** Asks and reminds, a batch at a time, on any number of nodes: nobody twice for the same. */
export function createCampaignRuns(deps: Deps, { leaseSeconds = 300, batch = 500 }: CampaignRunOptions = {}) {
  const { db, command, identities, roles, bindingJobs } = deps;

  /** The person and the campaign with their locks, where the one may still be asked by the other. */
  async function held(work: Work, of: CampaignRow, identityId: string) {
    const identity = await identities.lockAlone(work, identityId);
    const campaign = await lockCampaignShared(work.tx, of);
    if (campaign?.status !== 'RUNNING' || campaign.due_at <= now()) return undefined;
    if (identity?.status !== 'ACTIVE' || identity.enrollment_status === 'ENROLLED') return undefined;
    return (await people.isMember(work.tx, of, identityId)) ? { identity, campaign } : undefined;
  }

  const isPowerful = async (work: Work, identityId: string): Promise<boolean> =>
    (await roles.managementScopes(work, identityId)).length > 0;

  const link = (work: Work, campaign: CampaignRow, identity: IdentityRow, mailTo: string) =>
    bindingJobs.createFor(work, {
      identityId: identity.id,
      redirectUri: null,
      expiresInSeconds: lifetimeOf(campaign),
      mailTo,
      batchId: campaign.id,
    });

  const ask = command({
    name: 'campaigns.ask',
    scope: anyone,
    input: z.custom<{ of: CampaignRow; identityId: string }>(),
    body: async (work, { of, identityId }): Promise<void> => {
      work.unchanged();
      const found = await held(work, of, identityId);
      if (!found) return;
      const { identity, campaign } = found;
      const before = await people.lockPerson(work.tx, of, identityId);
      if (before && before.state !== 'NO_ADDRESS') return;
      const powerful = await isPowerful(work, identityId);
      const to = identity.email !== null && isMailable(identity.email) ? identity.email : undefined;
      const made = powerful || to === undefined ? undefined : await link(work, campaign, identity, to);
      await people.upsertPerson(work.tx, {
        realm_id: of.realm_id,
        campaign_id: of.id,
        identity_id: identityId,
        state: made ? 'ASKED' : powerful ? 'ADMINISTRATOR' : 'NO_ADDRESS',
        binding_job_id: made?.job.id ?? null,
        settled_at: now(),
      });
    },
  });

  /**
   * A new link for the same errand, or a new errand where the last one came to nothing.
   * @returns undefined for who is not to be written to
   */
  async function again(work: Work, campaign: CampaignRow, identity: IdentityRow, jobId: string | null) {
    const job = jobId === null ? undefined : await bindingJobs.lockById(work, jobId);
    // Whoever took the link back did so on purpose.
    if (job?.status === 'REVOKED') return undefined;
    if (identity.email === null || !isMailable(identity.email)) return undefined;
    if (!job || !bindingJobs.isResendable(job)) return link(work, campaign, identity, identity.email);
    const given = { expiresInSeconds: lifetimeOf(campaign), resends: job.resends };
    return bindingJobs.renew(work, job, identity, given);
  }

  const remind = command({
    name: 'campaigns.remind',
    scope: anyone,
    input: z.custom<{ of: CampaignRow; identityId: string; round: Date }>(),
    body: async (work, { of, identityId, round }): Promise<void> => {
      work.unchanged();
      const found = await held(work, of, identityId);
      if (!found) return;
      const person = await people.lockPerson(work.tx, of, identityId);
      // Somebody may have become an administrator since: a new link would carry what the first one never did.
      if (await isPowerful(work, identityId)) return;
      if (person?.state !== 'ASKED' || (person.reminded_at ?? person.settled_at) >= round) return;
      const made = await again(work, found.campaign, found.identity, person.binding_job_id);
      if (!made) return;
      await people.setReminded(work.tx, person, {
        binding_job_id: made.job.id,
        reminded_at: now(),
        reminders: person.reminders + 1,
      });
    },
  });

  /** Writes down how far it came, and gives the campaign back. */
  const settle = command({
    name: 'campaigns.settle',
    scope: anyone,
    input: z.custom<{ of: CampaignRow; progress: Progress; end: 'DUE' | 'GROUP_DELETED' | undefined }>(),
    body: async (work, { of, progress, end }): Promise<void> => {
      work.unchanged();
      const row = await lockCampaign(work.tx, of);
      if (row?.lease_id !== of.lease_id) return;
      const next = { ...progress, lease_id: null, leased_until: null };
      const kept = await updateCampaign(work.tx, row, next);
      if (end !== undefined && row.status === 'RUNNING') await endCampaign(work, kept, end);
    },
  });

  /** One whose turn fails keeps nobody else from theirs. @returns the first fault */
  async function each(ids: readonly string[], act: (identityId: string) => Promise<void>): Promise<unknown> {
    const queue = ids.values();
    let fault: unknown;
    const worker = async () => {
      for (const identityId of queue)
        await act(identityId).catch((error: unknown) => {
          fault ??= error;
        });
    };
    await Promise.all(Array.from({ length: ABREAST }, worker));
    return fault;
  }

  async function askSome(realm: RealmRef, of: CampaignRow): Promise<Done> {
    const ids = await people.selectUnasked(db, of, batch);
    const fault = await each(ids, (identityId) => ask(contextIn(realm, of), { of, identityId }));
    if (ids.length === batch) return { progress: { asked_up_to: ids.at(-1) ?? null }, fault };
    return { progress: { asked_up_to: null, ask_at: secondsFromNow(PAUSE_SECONDS) }, fault };
  }

  async function remindSome(realm: RealmRef, of: CampaignRow, round: Date): Promise<Done> {
    const ids = await people.selectUnreminded(db, of, round, batch);
    const fault = await each(ids, (identityId) => remind(contextIn(realm, of), { of, identityId, round }));
    if (ids.length === batch) return { progress: { reminded_up_to: ids.at(-1) ?? null }, fault };
    return { progress: { reminded_up_to: null, reminded_for: round }, fault };
  }

  async function advance(realm: RealmRef, of: CampaignRow): Promise<Done> {
    const round = roundOf(of, now());
    const reminded = round ? await remindSome(realm, of, round) : NOTHING;
    const asked = of.ask_at === null || of.ask_at <= now() ? await askSome(realm, of) : NOTHING;
    const progress = { ...reminded.progress, ...asked.progress };
    const fault = reminded.fault ?? asked.fault;
    return { progress: { ...progress, work_at: nextWork({ ...of, ...progress }) }, fault };
  }

  /**
   * The next batch of the campaign that waited longest. One that breaks off is done again, but nobody asked twice.
   * @returns whether there was one
   */
  async function step(): Promise<boolean> {
    const of = await claimCampaign(db, {
      leaseId: newId(),
      at: now(),
      until: secondsFromNow(leaseSeconds),
    });
    if (!of) return false;
    const realm = await deps.realms.find(of.realm_id);
    if (!realm) return true;
    const gone = of.group_id !== null && !(await groupExists(db, of.realm_id, of.group_id));
    const end = of.due_at <= now() ? ('DUE' as const) : gone ? ('GROUP_DELETED' as const) : undefined;
    const { progress, fault } = end === undefined ? await advance(realm, of) : NOTHING;
    await settle(contextIn(realm, of), { of, progress, end });
    if (fault !== undefined) throw fault;
    return true;
  }

  return {
    step,

    /** Works until it is stopped. @returns stops it, once the people in hand are done */
    start: (failed: (error: unknown) => void): (() => Promise<void>) =>
      startWorker(step, { idleMs: IDLE_MS, failed }),
  };
}

/** At once while a walk or a round is on; else with the next of them, or at the end. */
function nextWork(of: CampaignRow): Date {
  const at = now();
  if (of.asked_up_to !== null || of.reminded_up_to !== null) return at;
  const reminder = roundsOf(of).find((moment) => moment > at) ?? of.due_at;
  const moments = [of.ask_at ?? at, reminder, of.due_at];
  return new Date(Math.min(...moments.map((moment) => moment.getTime())));
}

/** Each person's errand is a flow of its own. */
const contextIn = (realm: RealmRef, of: CampaignRow): RealmCtx =>
  bareContext(
    { requestId: newId(), correlationId: newId(), ip: null, userAgent: null },
    { kind: 'SYSTEM', displayName: `Campaign ${of.name}` },
    realm,
  );
