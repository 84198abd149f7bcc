export type Child = Node | string;

/** An element with its properties and children; never markup from text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> & { readonly role?: string } = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  const { role, ...rest } = properties;
  Object.assign(made, rest);
  // As an attribute: not every browser reflects the property.
  if (role) made.setAttribute('role', role);
  made.append(...children);
  return made;
}
