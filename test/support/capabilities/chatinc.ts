import type { Capabilities } from './capabilities.ts'

/** What each row of Chat Inc's API is on the platform's. */
export const ofChatinc: Capabilities = {
  'Create Campaign': [
    ...['POST /templates', 'POST /templates/{id}/submit', 'POST /template-samples', 'POST /campaigns'],
    'POST /campaigns/{id}/launch',
  ],
  'Send Campaign': 'POST /campaigns/{id}/launch',
  'Create Audience': ['POST /segments', 'POST /contacts', 'POST /segments/{id}/subscribe'],
  'Add Contacts to Audience from CSV File': [
    'POST /imports',
    'PUT /imports/{id}/mapping',
    'POST /imports/{id}/start',
  ],
  'Retrieve Audiences (GET)': 'GET /segments',
  'Retrieve Audiences (POST)': 'GET /segments',
  'Retrieve Audience Contacts (GET)': 'GET /segments/{id}/members',
  'Retrieve Audience Contacts (POST)': 'GET /segments/{id}/members',
  'Create Variable Group': ['POST /variable-groups', 'POST /variable-groups/{id}/values'],
  'Create Variable Group from CSV File': 'POST /variable-groups/upload',
  'Retrieve Variable Groups (GET)': 'GET /variable-groups',
  'Retrieve Variable Groups (POST)': 'GET /variable-groups',
  'Retrieve All Campaigns (GET)': ['GET /campaigns', 'GET /campaigns/{id}/runs'],
  'Retrieve All Campaigns (POST)': ['GET /campaigns', 'GET /campaigns/{id}/runs'],
  'Retrieving Campaign Details (GET)': ['GET /campaigns/{id}/runs', 'GET /campaign-runs/{id}/recipients'],
  'Retrieving Campaign Details (POST)': ['GET /campaigns/{id}/runs', 'GET /campaign-runs/{id}/recipients'],
}
