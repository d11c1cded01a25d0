// The shape of what is loading, in its final size, so that nothing jumps when it arrives.
import styles from './ui.module.css';

export function Skeleton({
  width = '100%',
  height = 14,
}: {
  width?: number | string;
  height?: number | string;
}) {
  return <div className={styles.skeleton} style={{ width, height }} aria-hidden="true" />;
}

/** Rows of a list that is loading. */
export function SkeletonRows({ rows, height = 28 }: { rows: number; height?: number }) {
  return (
    <div style={{ padding: '0 12px' }} role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} style={{ height, display: 'flex', alignItems: 'center', gap: 16 }}>
          <Skeleton width={96} height={10} />
          <Skeleton width={`${35 + ((index * 37) % 50)}%`} height={10} />
        </div>
      ))}
    </div>
  );
}
