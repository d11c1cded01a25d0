//! Pages that were read lately.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use storage::PartId;

/// A page: its part, and its place in the part's footer.
pub(super) type PageKey = (PartId, u32);

/// Decompressed, checked pages up to a number of bytes, shared by all parts.
///
/// There are two generations. What is used is in the young one; when that has half of the bytes, it
/// becomes the old one, and what was not used since then is forgotten.
pub(crate) struct PageCache {
    generations: Mutex<Generations>,
    young_bytes_max: usize,
}

#[derive(Default)]
struct Generations {
    young: HashMap<PageKey, Arc<[u8]>>,
    young_bytes: usize,
    old: HashMap<PageKey, Arc<[u8]>>,
}

impl PageCache {
    pub(crate) fn new(bytes_max: usize) -> Self {
        PageCache { generations: Mutex::default(), young_bytes_max: bytes_max / 2 }
    }

    pub(super) fn get(&self, key: PageKey) -> Option<Arc<[u8]>> {
        let mut generations = self.generations.lock();
        if let Some(page) = generations.young.get(&key) {
            return Some(page.clone());
        }
        let page = generations.old.remove(&key)?;
        self.insert(&mut generations, key, page.clone());
        Some(page)
    }

    pub(super) fn put(&self, key: PageKey, page: Arc<[u8]>) {
        self.insert(&mut self.generations.lock(), key, page);
    }

    fn insert(&self, generations: &mut Generations, key: PageKey, page: Arc<[u8]>) {
        // A page that would push out all others is not worth it.
        if page.len() > self.young_bytes_max {
            return;
        }
        if generations.young_bytes + page.len() > self.young_bytes_max {
            generations.old = std::mem::take(&mut generations.young);
            generations.young_bytes = 0;
        }
        generations.young_bytes += page.len();
        if let Some(replaced) = generations.young.insert(key, page) {
            generations.young_bytes -= replaced.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_goes() {
        let cache = PageCache::new(1000);
        let key = |page| (PartId(1), page);
        for page in 0..100 {
            cache.put(key(page), Arc::from(vec![page as u8; 100]));
            assert_eq!(cache.get(key(0)).unwrap()[0], 0, "page 0 is used all the time");
        }
        let kept = (0..100).filter(|page| cache.get(key(*page)).is_some()).count();
        assert!((2..=10).contains(&kept), "{kept} pages of 100 bytes");
        cache.put(key(200), Arc::from(vec![0; 501]));
        assert!(cache.get(key(200)).is_none());
    }
}
