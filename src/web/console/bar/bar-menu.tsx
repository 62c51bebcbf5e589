import * as Menu from '@radix-ui/react-dropdown-menu'
import { Check, type LucideIcon } from 'lucide-react'
import { Fragment } from 'react'
import { MenuContent } from '../../ui/menu-content.tsx'
import type { OnDemand } from '../../ui/on-demand.ts'
import { SubMenu } from '../../ui/sub-menu.tsx'
import { MenuButton } from './bar-button.tsx'
import type { BarItem, Choice } from './bar-item.ts'

export interface BarMenuProps {
  label: string
  /** The button shows this icon instead of its label. */
  Icon?: LucideIcon
  /** The items, with a line between two groups */
  groups: readonly (readonly BarItem[])[]
  /** Gives the focus back to the terminal, where the next key belongs. */
  onFocus: () => void
  /** Said below the items */
  hint?: string | undefined
}

/** One menu of the bar. */
export default function BarMenu({ label, Icon, groups, hint, onFocus, byKeyboard }: BarMenuProps & OnDemand) {
  return (
    <Menu.Root modal={false} defaultOpen>
      <Menu.Trigger asChild>
        <MenuButton label={label} Icon={Icon} />
      </Menu.Trigger>
      <MenuContent byKeyboard={byKeyboard} onFocus={onFocus}>
        {groups
          .filter((items) => items.length > 0)
          .map((items, index) => (
            <Fragment key={items[0]?.label}>
              {index > 0 && <Menu.Separator className="menuLine" />}
              {items.map((item) => (
                <Item key={item.label} item={item} />
              ))}
            </Fragment>
          ))}
        {hint !== undefined && (
          <>
            <Menu.Separator className="menuLine" />
            <Menu.Label className="menuLabel">{hint}</Menu.Label>
          </>
        )}
      </MenuContent>
    </Menu.Root>
  )
}

function Item({ item }: { item: BarItem }) {
  switch (item.kind) {
    case 'action':
      return (
        <Menu.Item
          className="menuItem"
          disabled={item.disabled !== undefined}
          onSelect={(event) => {
            if (item.repeats) event.preventDefault()
            item.run()
          }}
        >
          <Words {...item} />
          {item.keys !== undefined && <kbd aria-hidden>{item.keys}</kbd>}
        </Menu.Item>
      )
    case 'switch':
      return (
        <Menu.CheckboxItem
          className="menuItem"
          disabled={item.disabled !== undefined}
          checked={item.on}
          onCheckedChange={item.toggle}
        >
          <Words {...item} />
          <Chosen />
        </Menu.CheckboxItem>
      )
    case 'choice':
      return item.disabled === undefined ? (
        <Options {...item} />
      ) : (
        <Menu.Item className="menuItem" disabled>
          <Words {...item} />
        </Menu.Item>
      )
  }
}

function Words({ label, Icon, disabled }: Pick<BarItem, 'label' | 'Icon' | 'disabled'>) {
  return (
    <>
      <Icon size={16} aria-hidden />
      <span>
        {label}
        {disabled !== undefined && <small className="why">{disabled}</small>}
      </span>
    </>
  )
}

const Options = ({ label, Icon, options, value, choose }: Choice) => (
  <SubMenu label={label} Icon={Icon} chosen={options.find((option) => option.value === value)?.label}>
    <Menu.RadioGroup value={value} onValueChange={choose}>
      {options.map((option) => (
        <Menu.RadioItem key={option.value} value={option.value} className="menuItem">
          {option.label}
          <Chosen />
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  </SubMenu>
)

const Chosen = () => (
  <Menu.ItemIndicator className="end">
    <Check size={16} aria-hidden />
  </Menu.ItemIndicator>
)
