/** Small line drawings of the places, decoration beside their names. */

const PATHS: Record<string, string> = {
  today: 'M3 17l5-6 4 3 5-7M3 21h18',
  customers:
    'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-6 10c0-4 3-6 6-6s6 2 6 6M16 4a4 4 0 0 1 0 7m2 5c2 1 3 3 3 5',
  segments: 'M9 4a6 6 0 1 0 0 12A6 6 0 0 0 9 4Zm6 4a6 6 0 1 1-6 10',
  import: 'M12 3v12m0 0 4-4m-4 4-4-4M4 17v4h16v-4',
  sources: 'M9 3v5m6-5v5M6 8h12v3a6 6 0 0 1-12 0V8Zm6 9v4',
  members: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-8 9c1-4 4-6 8-6s7 2 8 6',
  tokens: 'M15 9a5 5 0 1 1-4-5 5 5 0 0 1 4 5Zm-1 3 7 7m-3-3-2 2m4 0-2 2',
  audit: 'M6 3h9l4 4v14H6V3Zm3 8h7m-7 4h7m-7-8h3',
  system: 'M4 5h16v6H4V5Zm0 8h16v6H4v-6Zm3-5h1m-1 8h1',
  action: 'M13 3 5 14h6l-1 7 8-11h-6l1-7Z',
};

export function PlaceIcon({ id }: { id: string }) {
  return (
    <svg viewBox="0 0 24 24" width="16" height="16" className="place-icon" aria-hidden="true">
      <path
        d={PATHS[id] ?? PATHS.action}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
