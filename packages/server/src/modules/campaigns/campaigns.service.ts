import { z } from 'zod';
import { now, secondsFromNow } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { actorName, type RealmCtx, requireScope } from '../../kernel/context.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, pageOf, sliceOf } from '../../kernel/page.js';
import { id, line } from '../../kernel/text.js';
import { type BindingBatchesService, MAIL_MESSAGE } from '../binding-jobs/batches.service.js';
import type { GroupsService } from '../groups/groups.service.js';
import type { IdentitiesService } from '../identities/identities.service.js';
import * as queries from './campaigns.queries.js';
import * as people from './people.queries.js';

export type { CampaignRow } from './campaigns.queries.js';
export type { Coverage, ListedPerson, PersonState, Preview } from './people.queries.js';

type CampaignRow = queries.CampaignRow;

interface Deps {
  db: Db;
  command: Runner;
  groups: Pick<GroupsService, 'find'>;
  identities: Pick<IdentitiesService, 'lockAlone'>;
  batches: Pick<BindingBatchesService, 'openFor'>;
}

const MOST_DAYS = 366;

/** Everyone but those who have a passkey. */
const MISSING = people.PERSON_STATES.filter((state) => state !== 'ENROLLED');

const wanted = z.object({
  name: line(200),
  groupId: id.nullish(),
  dueAt: z
    .date()
    .refine((at) => at > now(), 'The date is over.')
    .refine((at) => at <= secondsFromNow(MOST_DAYS * 86_400), `At most ${MOST_DAYS} days ahead.`),
  reminderDays: z
    .array(z.number().int().min(1, 'At least a day before.').max(90, 'At most 90 days before.'))
    .max(10, 'At most 10 reminders.')
    .refine((days) => new Set(days).size === days.length, 'Name each day once.')
    .default([]),
  message: MAIL_MESSAGE.nullish(),
});

const named = z.object({ campaignId: id });

export const subjectOf = (row: CampaignRow) => ({ kind: 'CAMPAIGN' as const, id: row.id, name: row.name });

/** Campaigns: everyone of a group, or of the realm, without a passkey is asked to bind one by a date. */
export function createCampaignsService({ db, command, groups, identities, batches }: Deps) {
  async function locked(work: Work, campaignId: string, from: readonly CampaignRow['status'][]) {
    const row = await queries.lockCampaign(work.tx, { realm_id: work.ctx.realm.id, id: campaignId });
    if (!row) throw notFound('campaign');
    if (!from.includes(row.status))
      throw new DomainError('conflict', 'WRONG_STATE', `This campaign is ${row.status.toLowerCase()}.`);
    return row;
  }

  /** The group of the caller's own realm that is meant. */
  async function groupOf(ctx: RealmCtx, groupId: string) {
    const group = await groups.find(ctx, groupId);
    if (!group) throw notFound('group');
    return group;
  }

  return {
    /** As a draft: nobody is asked before it is started. Needs groups:read too where a group is meant. */
    create: command({
      name: 'campaigns.create',
      scope: 'credential-binding-jobs:create',
      input: wanted,
      body: async (work, input): Promise<CampaignRow> => {
        const group = input.groupId == null ? undefined : await groupOf(work.ctx, input.groupId);
        const row = await queries.insertCampaign(work.tx, {
          realm_id: work.ctx.realm.id,
          id: await batches.openFor(work, input.message ?? null),
          name: input.name,
          group_id: group?.id ?? null,
          group_name: group?.display_name ?? null,
          due_at: input.dueAt,
          reminder_days: [...input.reminderDays].sort((one, other) => other - one),
          created_by_name: actorName(work.ctx.actor),
          created_at: now(),
        });
        const told = { name: row.name, groupId: row.group_id, dueAt: row.due_at.toISOString() };
        work.record('campaign.created', told, { subject: subjectOf(row) });
        return row;
      },
    }),

    /** Also what was paused. */
    start: command({
      name: 'campaigns.start',
      scope: 'credential-binding-jobs:create',
      input: named,
      body: async (work, { campaignId }): Promise<CampaignRow> => {
        const row = await locked(work, campaignId, ['DRAFT', 'PAUSED']);
        if (row.due_at <= now())
          throw new DomainError(
            'conflict',
            'WRONG_STATE',
            'The date of this campaign is over. Make a new one.',
          );
        work.record('campaign.started', { name: row.name }, { subject: subjectOf(row) });
        const at = now();
        const started_at = row.started_at ?? at;
        return queries.updateCampaign(work.tx, row, { status: 'RUNNING', started_at, work_at: at });
      },
    }),

    /** After the answer nobody is asked or reminded; links that are out stay what they are. */
    pause: command({
      name: 'campaigns.pause',
      scope: 'credential-binding-jobs:create',
      input: named,
      body: async (work, { campaignId }): Promise<CampaignRow> => {
        const row = await locked(work, campaignId, ['RUNNING']);
        work.record('campaign.paused', { name: row.name }, { subject: subjectOf(row) });
        return queries.updateCampaign(work.tx, row, { status: 'PAUSED' });
      },
    }),

    /** For good. Links that are out stay what they are. */
    end: command({
      name: 'campaigns.end',
      scope: 'credential-binding-jobs:create',
      input: named,
      body: async (work, { campaignId }): Promise<CampaignRow> => {
        const row = await locked(work, campaignId, ['DRAFT', 'RUNNING', 'PAUSED']);
        return endCampaign(work, row, 'BY_HAND');
      },
    }),

    /** Who is neither asked nor reminded any more, whether they were yet or not. */
    exclude: command({
      name: 'campaigns.exclude',
      scope: 'credential-binding-jobs:create',
      input: z.object({ campaignId: id, identityId: id }),
      body: async (work, input): Promise<void> => {
        const of = { realm_id: work.ctx.realm.id, id: input.campaignId, group_id: null };
        const identity = await identities.lockAlone(work, input.identityId);
        const campaign = await queries.lockCampaignShared(work.tx, of);
        if (!campaign) throw notFound('campaign');
        if (!identity) throw notFound('identity');
        const before = await people.lockPerson(work.tx, of, identity.id);
        if (before?.state === 'EXCLUDED') return work.unchanged();
        await people.upsertPerson(work.tx, {
          realm_id: of.realm_id,
          campaign_id: of.id,
          identity_id: identity.id,
          state: 'EXCLUDED',
          binding_job_id: before?.binding_job_id ?? null,
          settled_at: now(),
        });
        work.record(
          'campaign.person_excluded',
          { name: campaign.name, identityId: identity.id },
          { subject: subjectOf(campaign) },
        );
      },
    }),

    async find(ctx: RealmCtx, campaignId: string): Promise<CampaignRow | undefined> {
      requireScope(ctx, 'credential-binding-jobs:read');
      return isId(campaignId)
        ? queries.selectCampaign(db, { realm_id: ctx.realm.id, id: campaignId })
        : undefined;
    },

    async list(ctx: RealmCtx, args: PageArgs): Promise<Page<CampaignRow>> {
      requireScope(ctx, 'credential-binding-jobs:read');
      const slice = sliceOf(args);
      return pageById(slice, await queries.selectCampaigns(db, ctx.realm.id, slice));
    },

    async coverage(ctx: RealmCtx, of: CampaignRow): Promise<people.Coverage> {
      requireScope(ctx, 'credential-binding-jobs:read');
      return people.selectCoverage(db, of, now());
    },

    /** @param states those of all who have no passkey unless said */
    async people(
      ctx: RealmCtx,
      of: CampaignRow,
      states: readonly people.PersonState[] | undefined,
      args: PageArgs,
    ): Promise<Page<people.ListedPerson>> {
      requireScope(ctx, 'credential-binding-jobs:read');
      const slice = sliceOf(args);
      const rows = await people.selectPeople(db, of, slice, states ?? MISSING, now());
      return pageOf(
        slice,
        rows,
        (row) => row,
        (row) => [row.identity_id],
      );
    },

    /** Whom a campaign would ask now. Needs groups:read too where a group is meant. */
    async preview(ctx: RealmCtx, groupId: string | undefined): Promise<people.Preview> {
      requireScope(ctx, 'credential-binding-jobs:create');
      requireScope(ctx, 'identities:read');
      const group = groupId === undefined ? undefined : await groupOf(ctx, groupId);
      return people.selectPreview(db, ctx.realm.id, group?.id ?? null);
    },
  };
}

/** Needs its lock. */
export function endCampaign(
  work: Work,
  row: CampaignRow,
  reason: NonNullable<CampaignRow['end_reason']>,
): Promise<CampaignRow> {
  work.record('campaign.ended', { name: row.name, reason }, { subject: subjectOf(row) });
  return queries.updateCampaign(work.tx, row, { status: 'ENDED', end_reason: reason, ended_at: now() });
}
