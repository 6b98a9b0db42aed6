/** The command palette: ⌘K finds pages, actions and customers. */
import {
  createContext,
  type KeyboardEvent,
  type ReactNode,
  useContext,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { type Command, useCommands } from './commands.ts';
import { PlaceIcon } from './PlaceIcon.tsx';

const PaletteContext = createContext<() => void>(() => undefined);

/** Opens the palette. */
export function usePalette(): () => void {
  return useContext(PaletteContext);
}

export function PaletteProvider({ children }: { children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOpen((open) => !open);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  const open = useMemo(() => () => setOpen(true), []);
  return (
    <PaletteContext value={open}>
      {children}
      {isOpen ? <Palette onClose={() => setOpen(false)} /> : null}
    </PaletteContext>
  );
}

interface OptionProps {
  command: Command;
  id: string;
  isCurrent: boolean;
  onPoint(): void;
  onChoose(): void;
}

function Option({ command, id, isCurrent, onPoint, onChoose }: OptionProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isCurrent) element.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above owns the keys
    <div
      ref={element}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isCurrent}
      onPointerMove={onPoint}
      onClick={onChoose}
    >
      <PlaceIcon id={command.icon} />
      <span data-raw={command.isData || undefined}>{command.name}</span>
      {command.note ? <small data-raw={command.isData || undefined}>{command.note}</small> : null}
    </div>
  );
}

function Palette({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const listId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [query, setQuery] = useState('');
  const [index, setIndex] = useState(0);
  const { commands, isSearching } = useCommands(query);
  const current = Math.min(index, commands.length - 1);
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  const choose = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setIndex((current + 1) % Math.max(1, commands.length));
    else if (event.key === 'ArrowUp')
      setIndex((current + commands.length - 1) % Math.max(1, commands.length));
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) choose(commands[current]);
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog
      ref={dialog}
      className="palette"
      aria-label={t('palette.label')}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <input
        autoFocus
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={commands[current] ? `${listId}-${current}` : undefined}
        aria-label={t('palette.label')}
        placeholder={t('palette.placeholder')}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setIndex(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={listId} role="listbox" tabIndex={-1} aria-label={t('palette.results')} aria-busy={isSearching}>
        {commands.map((command, at) => (
          <Option
            key={command.key}
            id={`${listId}-${at}`}
            command={command}
            isCurrent={at === current}
            onPoint={() => setIndex(at)}
            onChoose={() => choose(command)}
          />
        ))}
      </div>
      {commands.length === 0 ? (
        <p className="palette-none">{t(isSearching ? 'palette.searching' : 'palette.none')}</p>
      ) : null}
      <p className="palette-keys">{t('palette.keys')}</p>
    </dialog>
  );
}
