/** How far something is. */

export function ProgressBar({ share, label }: { share: number | null; label: string }) {
  return (
    <div className="progress">
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      >
        <i style={{ width: `${(share ?? 0) * 100}%` }} />
      </div>
      <p>{label}</p>
    </div>
  );
}
