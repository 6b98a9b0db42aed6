/** One floating note for many small cells: shows the `data-tip` of what the pointer or finger is on. */
import { type PointerEvent, type ReactNode, useState } from 'react';

interface Tip {
  text: string;
  left: number;
  top: number;
}

const HALF_WIDTH = 130;

function tipAt(target: EventTarget | null): Tip | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;
  if (!cell?.dataset.tip) return null;
  const box = cell.getBoundingClientRect();
  const middle = box.left + box.width / 2;
  const left = Math.min(Math.max(middle, HALF_WIDTH + 8), innerWidth - HALF_WIDTH - 8);
  return { text: cell.dataset.tip, left, top: box.top };
}

export function HoverTip({ children }: { children: ReactNode }) {
  const [tip, setTip] = useState<Tip | null>(null);
  const show = (event: PointerEvent) => setTip(tipAt(event.target));
  return (
    <div onPointerOver={show} onPointerDown={show} onPointerLeave={() => setTip(null)}>
      {children}
      {tip ? (
        <div className="tip" style={{ left: tip.left, top: tip.top }}>
          {tip.text}
        </div>
      ) : null}
    </div>
  );
}
