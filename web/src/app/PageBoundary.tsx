// A page that throws is replaced by what it threw; the rest of the interface stays.
import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { Notice } from '@/ui/Notice';

interface PageBoundaryState {
  error: Error | null;
}

export class PageBoundary extends Component<{ children: ReactNode }, PageBoundaryState> {
  override state: PageBoundaryState = { error: null };

  static getDerivedStateFromError(error: Error): PageBoundaryState {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div style={{ padding: 16, maxWidth: 720 }}>
        <Notice title={`This page broke: ${error.message}`}>
          <div style={{ marginTop: 8 }}>
            <Button onClick={() => window.location.reload()}>Load it again</Button>
          </div>
        </Notice>
      </div>
    );
  }
}
