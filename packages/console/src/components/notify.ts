import { notifications } from '@mantine/notifications';
import type { Notice } from '../apollo/errors';

const close = { closeButtonProps: { 'aria-label': 'Close notification' } } as const;

export const notifyDone = (message: string): void => {
  notifications.show({ ...close, color: 'green', message, autoClose: 5_000 });
};

/** It went well, and something still needs attention. */
export const notifyCaution = (message: string): void => {
  notifications.show({ ...close, color: 'yellow', title: 'Please note', message, autoClose: 15_000 });
};

/** An expected refusal of an action that has no form. */
export const notifyRefusal = (message: string): void => {
  notifications.show({ ...close, color: 'red', title: 'Not done', message, autoClose: 15_000 });
};

/** A request that failed as a whole. */
export const notifyFailure = ({ id, title, message }: Notice): void => {
  notifications.show({ ...close, id, color: 'red', title, message, autoClose: 15_000 });
};
