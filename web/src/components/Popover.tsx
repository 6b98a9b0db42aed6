/** A small window beside its button: opens by click or key, closes by Escape or a click elsewhere. */
import { type ReactNode, type ToggleEvent, useEffect, useId, useRef } from 'react';

const MARGIN = 8;

interface Props {
  button: ReactNode;
  /** Says what the button opens where its text alone does not. */
  label: string;
  /** A question mark in a circle, where words are too wide. */
  small?: boolean;
  /** How the button looks; words with dots beneath them unless said. */
  kind?: string;
  onOpen?(): void;
  children: ReactNode;
}

/** Below its button where there is room, else above; never outside the window. */
function place(popover: HTMLElement, button: HTMLElement): void {
  const anchor = button.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = popover;
  const fitsRight = anchor.left + offsetWidth <= innerWidth - MARGIN;
  const left = fitsRight ? anchor.left : Math.max(MARGIN, anchor.right - offsetWidth);
  const below = anchor.bottom + MARGIN;
  const fits = below + offsetHeight <= innerHeight - MARGIN;
  const top = fits ? below : Math.max(MARGIN, anchor.top - offsetHeight - MARGIN);
  popover.style.left = `${left}px`;
  popover.style.top = `${top}px`;
}

export function Popover({ button, label, small, kind = 'how', onOpen, children }: Props) {
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const isOpen = useRef(false);
  const onToggle = (event: ToggleEvent<HTMLDivElement>) => {
    isOpen.current = event.newState === 'open';
    if (!isOpen.current || !opener.current) return;
    place(event.currentTarget, opener.current);
    onOpen?.();
  };
  // What is inside may still come from a server, and then needs more room; the page may be scrolled.
  useEffect(() => {
    const box = popover.current;
    if (!box) return;
    const follow = () => {
      if (isOpen.current && opener.current) place(box, opener.current);
    };
    const observer = new ResizeObserver(follow);
    observer.observe(box);
    window.addEventListener('scroll', follow, { passive: true });
    return () => {
      observer.disconnect();
      window.removeEventListener('scroll', follow);
    };
  }, []);
  return (
    <>
      <button
        ref={opener}
        type="button"
        className={small ? 'ask' : kind}
        popoverTarget={id}
        aria-label={label}
        title={small ? label : undefined}
      >
        {small ? '?' : button}
      </button>
      <div
        ref={popover}
        id={id}
        popover="auto"
        className="popover"
        role="dialog"
        aria-label={label}
        onToggle={onToggle}
      >
        {children}
      </div>
    </>
  );
}
