/** Large content in a small place: scrolls, by keyboard too, and only where it must. */
import { type ReactNode, useEffect, useRef, useState } from 'react';

interface Props {
  label: string;
  /** Bounded in height too. */
  tall?: boolean;
  children: ReactNode;
}

/** Less than this is rounding. */
const SLACK = 1;

export function ScrollArea({ label, tall, children }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const area = element.current;
    if (!area) return;
    const measure = () => {
      const wide = area.scrollWidth > area.clientWidth + SLACK;
      setOverflows(wide || area.scrollHeight > area.clientHeight + SLACK);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(area);
    measure();
    return () => observer.disconnect();
  }, []);
  const reachable = overflows ? { tabIndex: 0, role: 'region', 'aria-label': label } : {};
  return (
    <div ref={element} className={tall ? 'scroll tall' : 'scroll'} data-overflows={overflows} {...reachable}>
      {children}
    </div>
  );
}
