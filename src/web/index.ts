export {
  CALLBACK_PATH,
  callbackRoutes,
  type Acceptance,
  type CallbackOptions,
} from './callback-routes.js';
export { healthRoutes, type Health } from './health-routes.js';
export { createOpportunityLinks, type OpportunityLinks } from './opportunity-link.js';
export { opportunityPageRoutes } from './opportunity-page.js';
export { createWebApp, listen, type Routes, type WebServer } from './server.js';
