/** The name and its leaf. */
export function BrandMark({ size = 24 }: { size?: number }) {
  return (
    <span className="brand">
      <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
        <rect width="32" height="32" rx="9" fill="var(--accent)" />
        <path
          d="M16 25V13m0 4c-5 0-7-3-7-7 5 0 7 3 7 7Zm0-2c0-4 2-7 7-7 0 4-2 7-7 7Z"
          fill="none"
          stroke="var(--on-accent)"
          strokeWidth="2.4"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <span translate="no">
        Perennial <span lang="zh-CN">常青</span>
      </span>
    </span>
  );
}
