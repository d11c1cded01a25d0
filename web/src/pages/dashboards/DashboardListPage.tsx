export default function DashboardListPage() {
  return null;
}
