// A dotted name that may break after its dots and underscores, not within its words.
import { Fragment } from 'react';

export function FieldName({ name }: { name: string }) {
  return name.split(/(?<=[._/])/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
