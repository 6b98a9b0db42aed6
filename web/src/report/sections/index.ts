/** Sections of the report in reading order; the ids are anchors. */
import type { ComponentType } from 'react';
import { Activity } from './Activity.tsx';
import { Cuts } from './Cuts.tsx';
import { Definitions } from './Definitions.tsx';
import { Lifecycle } from './Lifecycle.tsx';
import { Overview } from './Overview.tsx';
import { Retention } from './Retention.tsx';
import { Rhythm } from './Rhythm.tsx';
import { Sources } from './Sources.tsx';
import { Value } from './Value.tsx';

export interface Section {
  id: string;
  Content: ComponentType;
}

export const SECTIONS: Section[] = [
  { id: 'overview', Content: Overview },
  { id: 'activity', Content: Activity },
  { id: 'lifecycle', Content: Lifecycle },
  { id: 'value', Content: Value },
  { id: 'retention', Content: Retention },
  { id: 'rhythm', Content: Rhythm },
  { id: 'cuts', Content: Cuts },
  { id: 'definitions', Content: Definitions },
  { id: 'sources', Content: Sources },
];
