// The colours of severities and states of alerts.
import type { Tone } from '@/ui/Badge';

export function severityTone(severity: string): Tone {
  switch (severity.toLowerCase()) {
    case 'warning':
    case 'warn':
    case 'minor':
      return 'warning';
    case 'info':
    case 'none':
      return 'info';
    default:
      return 'error';
  }
}
