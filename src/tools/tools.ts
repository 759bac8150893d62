// Malla's own tools by name, for machines that have none.
import { curl } from './curl/curl.ts';
import { istioctl } from './istioctl/istioctl.ts';
import { kubectl } from './kubectl/kubectl.ts';
import type { Tool } from './tool.ts';

export const tools: Record<'kubectl' | 'istioctl' | 'curl', Tool> = { kubectl, istioctl, curl };
