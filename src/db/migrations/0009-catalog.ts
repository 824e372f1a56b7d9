import { Migration } from '@mikro-orm/migrations'

/** What is sold: catalogs with products and sets; and what customers order in chats. Money in minor units. */
export class Catalog extends Migration {
  override up(): void {
    for (const statement of [catalogs, orders]) this.addSql(statement)
  }
}

const catalogs = `
create table catalogs (
  id uuid primary key, workspace_id uuid not null references workspaces, name text not null, meta_catalog_id text,
  source text not null default 'manual', created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (source in ('manual', 'csv', 'commerce', 'shopify', 'woocommerce')));
create unique index catalogs_name on catalogs (workspace_id, lower(name));
create unique index catalogs_meta on catalogs (workspace_id, meta_catalog_id) where meta_catalog_id is not null;
create table products (
  id uuid primary key, workspace_id uuid not null, catalog_id uuid not null references catalogs on delete cascade,
  retailer_id text not null, name text not null, description text, price bigint not null, currency text not null,
  sale_price bigint, sale_from timestamptz, sale_to timestamptz, availability text not null, condition text not null,
  brand text, category text, url text, images jsonb not null default '[]', group_id text,
  variant jsonb not null default '{}', labels jsonb not null default '[]', visibility text not null,
  archived_at timestamptz, source text not null default 'manual', source_ref text, source_updated_at timestamptz,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  unique (catalog_id, retailer_id), check (price >= 0), check (sale_price between 0 and price));
create index products_page on products (workspace_id, id);
create index products_name on products (catalog_id, lower(name), id);
create index products_price on products (catalog_id, price, id);
create table product_sets (
  id uuid primary key, workspace_id uuid not null, catalog_id uuid not null references catalogs on delete cascade,
  name text not null, kind text not null, filter jsonb, created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (kind in ('list', 'rule')), check ((kind = 'rule') = (filter is not null)));
create unique index product_sets_name on product_sets (catalog_id, lower(name));
create index product_sets_page on product_sets (workspace_id, id);
create table product_set_items (
  set_id uuid not null references product_sets on delete cascade,
  product_id uuid not null references products on delete cascade, workspace_id uuid not null,
  primary key (set_id, product_id));
create index product_set_items_product on product_set_items (product_id);`

/** An order outlives its products and its catalog: lines keep what was said. */
const orders = `
create table orders (
  id uuid primary key, workspace_id uuid not null references workspaces,
  catalog_id uuid references catalogs on delete set null, meta_catalog_id text,
  contact_id uuid not null references contacts, conversation_id uuid references conversations, message_id uuid,
  source text not null, external_system text, external_id text, status text not null default 'placed', items int not null, total bigint,
  currency text, note text, fact_id uuid not null, placed_at timestamptz not null,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  check (status in ('placed', 'confirmed', 'paid', 'shipped', 'delivered', 'cancelled')),
  check ((external_system is null) = (external_id is null)));
create unique index orders_message on orders (workspace_id, message_id) where message_id is not null;
create unique index orders_external on orders (workspace_id, external_system, external_id) where external_id is not null;
create index orders_page on orders (workspace_id, placed_at desc, id desc);
create index orders_contact on orders (contact_id, placed_at desc, id desc);
create index orders_catalog on orders (catalog_id) where catalog_id is not null;
create table order_lines (
  order_id uuid not null references orders on delete cascade, position int not null, workspace_id uuid not null,
  product_id uuid references products on delete set null, retailer_id text not null, name text, quantity int not null,
  unit_price bigint, currency text, primary key (order_id, position));
create index order_lines_product on order_lines (product_id) where product_id is not null;
create table order_changes (
  id uuid primary key, order_id uuid not null references orders on delete cascade, workspace_id uuid not null,
  status text not null, by text not null, note text, at timestamptz not null);
create index order_changes_order on order_changes (order_id, at, id);`
