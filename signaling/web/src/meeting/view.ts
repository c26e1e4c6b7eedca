// The call with its looks, as one chunk for the meeting page and for direct calls.
import '../styles/call.css';

export { Call } from './call';
