/** Somebody else changed the definitions meanwhile: what they did, and whose is to count. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { segmentsQuery } from '../../api/segments.ts';
import type { SegmentRow } from '../../api/types.ts';
import { useApp } from '../../context.tsx';

interface Props {
  name: string;
  /** As it was when the editing began. */
  edited: SegmentRow | undefined;
  isBusy: boolean;
  onOver(): void;
}

/** Whether this very segment is not what it was. */
function differs(before: SegmentRow | undefined, now: SegmentRow | undefined): boolean {
  const said = (segment: SegmentRow | undefined) =>
    segment && [segment.where, segment.title, segment.description, segment.acts];
  return JSON.stringify(said(before)) !== JSON.stringify(said(now));
}

export function Conflict({ name, edited, isBusy, onOver }: Props) {
  const { t } = useApp();
  const navigate = useNavigate();
  const { data } = useQuery({ ...segmentsQuery, staleTime: 0, refetchOnMount: 'always' });
  const theirs = data?.segments.find((segment) => segment.name === name);
  const isTheirs = differs(edited, theirs);
  return (
    <div className="problem" role="alert">
      <p>{t(isTheirs ? 'segments.conflict_same' : 'segments.conflict_other')}</p>
      {isTheirs && theirs ? <pre data-raw>{theirs.where}</pre> : null}
      {isTheirs && !theirs ? <p>{t('segments.conflict_removed')}</p> : null}
      <span className="buttons">
        <button type="button" className="plain" disabled={isBusy} onClick={onOver}>
          {t(isTheirs ? 'segments.conflict_mine' : 'segments.conflict_save')}
        </button>
        <button
          type="button"
          className="plain"
          onClick={() =>
            void (theirs
              ? navigate({ to: '/segments/$name', params: { name } })
              : navigate({ to: '/segments' }))
          }
        >
          {t('segments.conflict_theirs')}
        </button>
      </span>
    </div>
  );
}
