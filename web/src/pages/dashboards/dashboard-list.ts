// Finding and grouping dashboards.
import type { DashboardSummary } from '@/api/dashboards';

export function findDashboards(
  dashboards: readonly DashboardSummary[],
  { find, tags }: { find: string; tags: readonly string[] },
): DashboardSummary[] {
  const words = find
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return dashboards.filter((dashboard) => {
    const text = [dashboard.title, dashboard.folder, ...dashboard.tags].join(' ').toLowerCase();
    return (
      words.every((word) => text.includes(word)) &&
      tags.every((tag) => dashboard.tags.includes(tag))
    );
  });
}

export function byFolder(dashboards: readonly DashboardSummary[]) {
  const folders = new Map<string, DashboardSummary[]>();
  for (const dashboard of dashboards) {
    folders.set(dashboard.folder, [...(folders.get(dashboard.folder) ?? []), dashboard]);
  }
  return [...folders]
    .map(([folder, list]) => ({
      folder,
      dashboards: list.sort((a, b) => a.title.localeCompare(b.title)),
    }))
    .sort((a, b) => a.folder.localeCompare(b.folder));
}

/** Tags with how many dashboards bear them, the most frequent first. */
export function tagCounts(
  dashboards: readonly DashboardSummary[],
): { tag: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const tag of dashboards.flatMap(({ tags }) => tags))
    counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .map(([tag, count]) => ({ tag, count }))
    .sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag));
}
