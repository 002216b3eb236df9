import type { DragEvent } from 'react';

// Types of what is dragged; lower case, as browsers make them.
const types = { request: 'application/x-artmqtt-request', device: 'application/x-artmqtt-device' } as const;
export type Dragged = keyof typeof types;

/** What makes an element something that can be dragged. */
export const draggable = (kind: Dragged, id: string, onStart?: () => void) => ({
  draggable: true,
  onDragStart: (event: DragEvent) => {
    event.dataTransfer.setData(types[kind], id);
    event.dataTransfer.effectAllowed = 'link';
    onStart?.();
  },
});

/** What makes an element a place to drop something on; the element says so with data-over while it is above it. */
export const droppable = (kind: Dragged, onDrop: (id: string) => void) => ({
  onDragOver: (event: DragEvent) => {
    if (event.dataTransfer.types.includes(types[kind])) {
      event.preventDefault();
      event.dataTransfer.dropEffect = 'link';
      (event.currentTarget as HTMLElement).dataset.over = '';
    }
  },
  onDragLeave: (event: DragEvent) => void delete (event.currentTarget as HTMLElement).dataset.over,
  onDrop: (event: DragEvent) => {
    delete (event.currentTarget as HTMLElement).dataset.over;
    const id = event.dataTransfer.getData(types[kind]);
    if (id !== '') {
      event.preventDefault();
      onDrop(id);
    }
  },
});
