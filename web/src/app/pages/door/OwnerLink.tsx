/** The command that prints another link for the owner. */
export function OwnerLink() {
  return <pre translate="no">perennial owner-link --data DIR</pre>;
}
