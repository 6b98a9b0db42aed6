/** Is the base getting healthier, and what is worth doing first? */
import { Findings } from './Findings.tsx';
import { Kpis } from './Kpis.tsx';
import { Say } from './Say.tsx';

export function Overview() {
  return (
    <>
      <Say />
      <Kpis />
      <Findings />
    </>
  );
}
