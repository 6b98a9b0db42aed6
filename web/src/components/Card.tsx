/** The surface that everything stands on: a title, a note beside it, how it is computed, the content. */
import type { ReactNode } from 'react';

interface Props {
  title: string;
  note?: ReactNode;
  how?: ReactNode;
  children: ReactNode;
}

export function Card({ title, note, how, children }: Props) {
  return (
    <div className="card">
      <div className="card-head">
        <h3>{title}</h3>
        {note ? <p>{note}</p> : null}
        {how ? <span className="card-how">{how}</span> : null}
      </div>
      {children}
    </div>
  );
}

/** Says what is missing and what to do about it, where a figure would stand. */
export function Empty({ children }: { children: ReactNode }) {
  return <p className="empty">{children}</p>;
}
