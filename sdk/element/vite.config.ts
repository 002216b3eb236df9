import { defineConfig } from 'vite';
import { bundleAs } from '../bundle.ts';

export default defineConfig(bundleAs('art-tracker.js'));
