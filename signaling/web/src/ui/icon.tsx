// The icons, drawn on a grid of 24 with lines of 1.8. They are decoration: the name is on the control.
const paths = {
  mic: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM6 11a6 6 0 0 0 12 0M12 17v4M9 21h6',
  micOff: 'M9 5.4A3 3 0 0 1 15 6v4.5M9 9v2a3 3 0 0 0 4.7 2.5M6 11a6 6 0 0 0 9.8 4.6M18 11a6 6 0 0 1-.3 1.9M12 17v4M9 21h6M4 3l16 18',
  camera: 'M4 7.5A1.5 1.5 0 0 1 5.5 6h8A1.5 1.5 0 0 1 15 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 4 16.5ZM15 10.5l5-3v9l-5-3',
  cameraOff: 'M9.5 6h4A1.5 1.5 0 0 1 15 7.5v4M15 15v1.5a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 4 16.5v-9A1.5 1.5 0 0 1 5.5 6M15 10.5l5-3v9l-2.5-1.5M4 3l16 18',
  screen: 'M4 5h16v11H4ZM9 20h6M12 16v4M12 13V8M9.5 10.5 12 8l2.5 2.5',
  hand: 'M8 12V6a1.5 1.5 0 0 1 3 0v5M11 10V4.5a1.5 1.5 0 0 1 3 0V11M14 10.5V6.5a1.5 1.5 0 0 1 3 0V14a7 7 0 0 1-7 7c-2.5 0-4-1.2-5.2-3.2L3.2 14.8a1.5 1.5 0 0 1 2.5-1.6L8 16',
  smile: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5v.5M15 9.5v.5',
  chat: 'M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-7l-5 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20a6.5 6.5 0 0 1 13 0M16 4.6a3.5 3.5 0 0 1 0 5.8M18 14.3a6.5 6.5 0 0 1 3.5 5.7',
  layout: 'M4 4h7v7H4ZM13 4h7v7h-7ZM4 13h7v7H4ZM13 13h7v7h-7Z',
  record: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z',
  settings: 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M5.6 18.4l2.1-2.1M16.3 7.7l2.1-2.1',
  leave: 'M3.5 14.5c0-5 17-5 17 0v1.2a1.3 1.3 0 0 1-1.5 1.3l-2.7-.5a1.3 1.3 0 0 1-1.1-1.3v-1.7a12 12 0 0 0-6.4 0v1.7a1.3 1.3 0 0 1-1.1 1.3l-2.7.5a1.3 1.3 0 0 1-1.5-1.3Z',
  phone: 'M6.5 4h3l1.5 4-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5v3a1.5 1.5 0 0 1-1.6 1.5A15.5 15.5 0 0 1 5 5.6 1.5 1.5 0 0 1 6.5 4Z',
  stop: 'M6 6h12v12H6Z',
  ban: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM5.7 5.7l12.6 12.6',
  qr: 'M4 4h6v6H4ZM14 4h6v6h-6ZM4 14h6v6H4ZM14 14h2v2M20 14v2M14 20v-2M18 18h2v2M17 20h0M17 16h0',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  close: 'M6 6l12 12M18 6 6 18',
  send: 'M4 12 20 4l-5 16-3.5-6.5ZM11.5 13.5 20 4',
  check: 'M5 12.5 10 17.5 19 7',
  copy: 'M9 9h10v11H9ZM5 15V4h10',
  lock: 'M6 11h12v9H6ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  pin: 'M9 4h6l-.7 6 3.2 3.5h-11L9.7 10ZM12 13.5V20',
  expand: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  pip: 'M4 5h16v14H4ZM12.5 12.5h5v4h-5Z',
  plus: 'M12 5v14M5 12h14',
  calendar: 'M5 6h14v14H5ZM5 10h14M9 3.5V7M15 3.5V7',
  link: 'M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.2 1.2M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.2-1.2',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5a7.5 7.5 0 0 1 15 0',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15ZM10 21h4',
  pulse: 'M3 12h4l3-7 4 14 3-7h4',
  relay: 'M4 12a2 2 0 1 0 4 0 2 2 0 1 0-4 0M16 5a2 2 0 1 0 4 0 2 2 0 1 0-4 0M16 19a2 2 0 1 0 4 0 2 2 0 1 0-4 0M8 11l8-5M8 13l8 5',
  file: 'M6 3h8l4 4v14H6ZM14 3v4h4M9 12h6M9 16h6',
  warning: 'M12 4 21 20H3ZM12 10v4.5M12 17.5v.01',
  flip: 'M4 9h13l-3-3M20 15H7l3 3',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5',
  edit: 'M4 20l1-4L16 5l3 3L8 19ZM14 7l3 3',
  back: 'M14 6l-6 6 6 6',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 22 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
