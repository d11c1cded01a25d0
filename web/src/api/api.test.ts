import { describe, expect, it } from 'vitest';
import { ApiError, errorFrom } from './http';
import { withPosition } from './prometheus';

describe('errors of every API', () => {
  it('are understood', () => {
    const native =
      '{"error":{"message":"a bracket is missing","hint":"close it","position":{"start":3,"end":4},"field":"query"}}';
    expect(errorFrom(400, native)).toMatchObject({
      message: 'a bracket is missing',
      hint: 'close it',
      position: { start: 3, end: 4 },
    });
    expect(errorFrom(400, '{"status":"error","errorType":"bad_data","error":"no"}').message).toBe(
      'no',
    );
    expect(
      errorFrom(404, '{"data":null,"errors":[{"code":404,"msg":"trace not found"}]}').message,
    ).toBe('trace not found');
    expect(errorFrom(400, '"bad silence"').message).toBe('bad silence');
    expect(errorFrom(502, 'upstream gone').message).toBe('upstream gone');
    expect(errorFrom(500, '').message).toBe('the server answered 500');
  });

  it('of PromQL point at their place', () => {
    const query = 'sum(rate(\n  up[5m]) by';
    const error = withPosition(
      new ApiError('invalid parameter "query": 2:11: parse error: unexpected end', {}),
      query,
    );
    expect(error).toMatchObject({ message: 'unexpected end', position: { start: 20, end: 22 } });
  });

  it('without a place stay as they are', () => {
    const error = new ApiError('too many samples', { status: 422 });
    expect(withPosition(error, 'up')).toBe(error);
  });
});
