import { useEffect, useState } from 'react';

/**
 * Whether the page's policy has kept it from a media node. The policy names the nodes known when the page was loaded
 * (CSP 3, `connect-src`); one that joined later is reached after loading the page anew.
 */
export function useBlockedMedia(): boolean {
  const [blocked, setBlocked] = useState(false);
  useEffect(() => {
    const onViolation = (event: SecurityPolicyViolationEvent) => {
      if (event.effectiveDirective === 'connect-src') setBlocked(true);
    };
    document.addEventListener('securitypolicyviolation', onViolation);
    return () => document.removeEventListener('securitypolicyviolation', onViolation);
  }, []);
  return blocked;
}
