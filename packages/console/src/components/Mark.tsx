/** The product's mark: a shield whose keyhole is a key. */
export function Mark({ size = 26 }: { readonly size?: number }) {
  return <img src={`${import.meta.env.BASE_URL}mark.svg`} width={size} height={size} alt="" />;
}
