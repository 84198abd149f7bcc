import { Button, Checkbox, Group, ScrollArea, Skeleton, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { PagingFragment } from '../generated/graphql';
import type { PageSearch } from '../search';
import classes from './components.module.css';
import { LoadFailed } from './LoadFailed';

export interface Column<Row> {
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  readonly width?: number | string;
}

/** One page of a Relay connection. */
export interface Connection<Row> {
  readonly nodes: readonly Row[];
  readonly pageInfo: PagingFragment;
}

/** Rows that can be chosen, also over several pages. */
export interface Selection<Row> {
  /** Holds the ids of the chosen rows. */
  readonly chosen: { readonly has: (id: string) => boolean };
  readonly nameOf: (row: Row) => string;
  readonly onChange: (rows: readonly Row[], chosen: boolean) => void;
}

export interface QueryTableProps<Row extends { readonly id: string }> {
  /** Names the table for those who can't see its heading. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** Nothing until the first page is there; the page before while the next one loads. */
  readonly connection: Connection<Row> | undefined;
  readonly loading: boolean;
  readonly failed: boolean;
  readonly onRetry: () => void;
  readonly empty: ReactNode;
  /** Absent: the table has no paging. */
  readonly onPage?: (page: PageSearch) => void;
  readonly selection?: Selection<Row>;
}

export function QueryTable<Row extends { readonly id: string }>(props: QueryTableProps<Row>) {
  const { label, columns, connection, loading, failed, onRetry, empty, onPage, selection } = props;
  if (failed) return <LoadFailed onRetry={onRetry} />;
  if (connection?.nodes.length === 0 && !loading) return empty;
  return (
    <>
      <ScrollArea.Autosize
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': `${label}, scrollable` }}
      >
        <Table
          highlightOnHover
          verticalSpacing={6}
          aria-label={label}
          aria-busy={loading}
          className={loading && connection ? classes.kept : ''}
        >
          <Table.Thead>
            <Table.Tr>
              {selection ? (
                <Table.Th w={36}>
                  <ChooseAll rows={connection?.nodes ?? []} selection={selection} />
                </Table.Th>
              ) : null}
              {columns.map((column) => (
                <Table.Th key={column.header} scope="col" {...(column.width ? { w: column.width } : {})}>
                  {column.header}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {connection === undefined ? (
              <SkeletonRows columns={columns.length + (selection ? 1 : 0)} />
            ) : null}
            {connection?.nodes.map((row) => (
              <Table.Tr key={row.id}>
                {selection ? (
                  <Table.Td>
                    <Checkbox
                      aria-label={`Choose ${selection.nameOf(row)}`}
                      checked={selection.chosen.has(row.id)}
                      onChange={(event) => selection.onChange([row], event.currentTarget.checked)}
                    />
                  </Table.Td>
                ) : null}
                {columns.map((column) => (
                  <Table.Td key={column.header}>{column.cell(row)}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      {onPage && connection ? <Pager pageInfo={connection.pageInfo} onPage={onPage} /> : null}
    </>
  );
}

function ChooseAll<Row extends { readonly id: string }>(props: {
  readonly rows: readonly Row[];
  readonly selection: Selection<Row>;
}) {
  const { rows, selection } = props;
  const count = rows.filter((row) => selection.chosen.has(row.id)).length;
  return (
    <Checkbox
      aria-label="Choose all on this page"
      checked={count > 0 && count === rows.length}
      indeterminate={count > 0 && count < rows.length}
      onChange={(event) => selection.onChange(rows, event.currentTarget.checked)}
    />
  );
}

function SkeletonRows({ columns }: { readonly columns: number }) {
  return Array.from({ length: 5 }, (_, row) => (
    // Rows without content have no identity but their place.
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    <Table.Tr key={row} aria-hidden>
      {Array.from({ length: columns }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Table.Td key={column}>
          <Skeleton height={14} my={4} width={column === 0 ? '70%' : '50%'} />
        </Table.Td>
      ))}
    </Table.Tr>
  ));
}

function Pager({
  pageInfo,
  onPage,
}: {
  readonly pageInfo: PagingFragment;
  readonly onPage: (page: PageSearch) => void;
}) {
  const { hasPreviousPage, hasNextPage, startCursor, endCursor } = pageInfo;
  if (!hasPreviousPage && !hasNextPage) return null;
  return (
    <Group justify="flex-end" gap="xs" mt="sm" component="nav" aria-label="Pages">
      <Button
        variant="default"
        size="xs"
        disabled={!hasPreviousPage || startCursor === null}
        onClick={() => onPage({ before: startCursor ?? undefined })}
      >
        Previous
      </Button>
      <Button
        variant="default"
        size="xs"
        disabled={!hasNextPage || endCursor === null}
        onClick={() => onPage({ after: endCursor ?? undefined })}
      >
        Next
      </Button>
    </Group>
  );
}

/** Below a list that shows its first part only. */
export function MoreNote({ connection }: { readonly connection: Connection<unknown> | undefined }) {
  if (!connection?.pageInfo.hasNextPage) return null;
  return (
    <Text size="xs" c="dimmed" mt="xs">
      The first {connection.nodes.length} are shown.
    </Text>
  );
}
