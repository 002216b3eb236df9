import { defineConfig } from 'vite';
import { bundleAs } from '../bundle.ts';

export default defineConfig(bundleAs('artmqtt-client.js'));
