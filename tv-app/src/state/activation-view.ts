/** The engineer's screen in words. Pure. */
import { type Activation, type ActivationPhase, CODE_LENGTH } from '../in-page/activation.ts';
import { ACTIVATION } from '../words.ts';

export interface ActivationView {
  forVillager: string;
  call: string;
  phase: ActivationPhase;
  /** One for each place; empty where nothing is typed yet. */
  digits: string[];
  status: string;
  /** Nothing that is kept here lasts. */
  warning: string;
  rows: { name: string; value: string }[];
}

const statusOf = (phase: ActivationPhase): string => (phase === 'too-many' ? ACTIVATION.tooMany : ACTIVATION[phase]);

export function activationView(activation: Activation, phone: string): ActivationView {
  const { digits, phase, reported, label, durable } = activation;
  return {
    forVillager: ACTIVATION.forVillager,
    call: ACTIVATION.call(phone),
    phase,
    digits: Array.from({ length: CODE_LENGTH }, (_, i) => digits.charAt(i)),
    status: statusOf(phase),
    warning: durable ? '' : ACTIVATION.notDurable,
    rows: [
      { name: ACTIVATION.middleware, value: label },
      { name: ACTIVATION.card, value: reported.card ?? ACTIVATION.unread },
      { name: ACTIVATION.stb, value: reported.stb ?? ACTIVATION.unread },
      { name: ACTIVATION.mac, value: reported.mac ?? ACTIVATION.unread },
    ],
  };
}
