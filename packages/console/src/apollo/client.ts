import { ApolloClient, InMemoryCache } from '@apollo/client';
import { ApolloLink } from '@apollo/client/link';
import { HttpLink } from '@apollo/client/link/http';
import type { Session } from '../auth/session';
import { authLink, noticeLink } from './links';

export function createClient(session: Session): ApolloClient {
  return new ApolloClient({
    link: ApolloLink.from([noticeLink(), authLink(session), new HttpLink({ uri: '/graphql' })]),
    cache: new InMemoryCache({
      typePolicies: {
        // An actor is kept as it was called then; the id alone must not merge it with today's name.
        EventParty: { keyFields: false },
        // Rule ids are unique in one policy only.
        PolicyRule: { keyFields: false },
        // It is part of its realm; the clients and the requests of it load one by one.
        ScimServer: { keyFields: false, merge: true },
      },
    }),
    defaultOptions: { watchQuery: { fetchPolicy: 'cache-and-network', nextFetchPolicy: 'cache-first' } },
  });
}
