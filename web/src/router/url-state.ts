// Page state that lives in the address: a codec per page, and the hook that reads and writes it.
import { useCallback, useMemo } from 'react';
import { applyParams, encodeParams, type Params } from './href';
import { currentPlace, navigate, useSearchParams } from './location';

/** How one page's state is written into parameters; `decode(encode(state))` gives the state back. */
export interface UrlCodec<State> {
  decode: (params: URLSearchParams) => State;
  encode: (state: State) => Params;
}

export type SetUrlState<State> = (
  change: Partial<State> | ((state: State) => Partial<State>),
  options?: { replace?: boolean },
) => void;

export function useUrlState<State extends object>(
  codec: UrlCodec<State>,
): [State, SetUrlState<State>] {
  const params = useSearchParams();
  const state = useMemo(() => codec.decode(params), [codec, params]);
  const set = useCallback<SetUrlState<State>>(
    (change, options) => {
      const place = currentPlace();
      const here = new URLSearchParams(place.search);
      const before = codec.decode(here);
      const partial = typeof change === 'function' ? change(before) : change;
      const query = encodeParams(applyParams(here, codec.encode({ ...before, ...partial })));
      navigate(query === '' ? place.path : `${place.path}?${query}`, options);
    },
    [codec],
  );
  return [state, set];
}

/** Changes single parameters of the current address. */
export function setParams(changes: Params, options?: { replace?: boolean }): void {
  const place = currentPlace();
  const query = encodeParams(applyParams(new URLSearchParams(place.search), changes));
  navigate(query === '' ? place.path : `${place.path}?${query}`, options);
}
