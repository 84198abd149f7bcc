import { Navigate } from '@tanstack/react-router';
import { rememberedRealm } from '../../auth/storage';
import { paths } from '../../paths';

/** Begins where this browser was last, or with the choice of a realm. */
export function Start() {
  const realmId = rememberedRealm.read();
  return <Navigate to={realmId === undefined ? paths.realms() : paths.home(realmId)} replace />;
}
