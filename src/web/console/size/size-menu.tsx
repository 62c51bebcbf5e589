import * as Menu from '@radix-ui/react-dropdown-menu'
import { Check } from 'lucide-react'
import { MenuContent } from '../../ui/menu-content.tsx'
import type { OnDemand } from '../../ui/on-demand.ts'
import type { BarContext } from '../bar/bar-item.ts'
import { sizeCommand } from './match.ts'
import styles from './size.module.css'
import { SizeButton } from './size-button.tsx'
import { useSizeItems } from './size-items.ts'
import { useFrame } from './use-size.ts'

type SizeMenuProps = Pick<BarContext, 'open' | 'serverId' | 'show'> & OnDemand

/** The sizes to choose from, and the way to tell the machine. */
export default function SizeMenu({ byKeyboard, ...bar }: SizeMenuProps) {
  const { terminal } = bar.open
  const [choice, match] = useSizeItems(bar)
  const { shown } = useFrame(terminal)
  return (
    <Menu.Root modal={false} defaultOpen>
      <Menu.Trigger asChild>
        <SizeButton open={bar.open} />
      </Menu.Trigger>
      <MenuContent byKeyboard={byKeyboard} onFocus={() => terminal.focus()}>
        {choice.disabled !== undefined && <Menu.Label className="menuLabel">{choice.disabled}</Menu.Label>}
        <Menu.RadioGroup value={choice.value} onValueChange={choice.choose}>
          {choice.options.map(({ value, label }) => (
            <Menu.RadioItem
              key={value}
              value={value}
              className="menuItem"
              disabled={choice.disabled !== undefined}
            >
              {label}
              <Menu.ItemIndicator className="end">
                <Check size={16} aria-hidden />
              </Menu.ItemIndicator>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Separator className="menuLine" />
        <Menu.Item
          className="menuItem"
          disabled={match.disabled !== undefined}
          onSelect={() => match.kind === 'action' && match.run()}
        >
          <span>
            {match.label}
            <small className="why">
              {match.disabled ?? <code className={styles.command}>{sizeCommand(shown).trim()}</code>}
            </small>
          </span>
        </Menu.Item>
      </MenuContent>
    </Menu.Root>
  )
}
