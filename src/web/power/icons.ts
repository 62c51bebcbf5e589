import { Bomb, type LucideIcon, Power, PowerOff, RotateCw, Zap } from 'lucide-react'
import type { PowerAction } from '../../shared/server.ts'

export const icons: Readonly<Record<PowerAction, LucideIcon>> = {
  'power-on': Power,
  reboot: RotateCw,
  'hard-reboot': Zap,
  'power-off': PowerOff,
  nmi: Bomb,
}
