/** An element of the page that is always there. */
export const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

/** Writes only what has changed: a live region is read out again for each write. */
export function setText(id: string, text: string): void {
  const target = element(id);
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

/** A copy of a template's only element. */
export function cloneTemplate(id: string): HTMLElement {
  const { content } = element<HTMLTemplateElement>(id);
  return content.firstElementChild!.cloneNode(true) as HTMLElement;
}
