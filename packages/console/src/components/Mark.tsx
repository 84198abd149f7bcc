import mark from '../mark.svg';

/** The product's mark: a shield whose keyhole is a key. */
export function Mark({ size = 26 }: { readonly size?: number }) {
  return <img src={mark} width={size} height={size} alt="" />;
}
