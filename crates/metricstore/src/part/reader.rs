//! Reading a part: page by page, each checked.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

use crc32c::crc32c;
use env::{File, Fs};
use model::{Exemplar, Metadata, Sample};
use storage::{PartDescription, PartError};

use super::footer::{Footer, Page};
use super::pages::PAGE_BYTES_MAX;
use super::{Block, PageCache, PageKind, Place, SERIES_PER_PAGE, SeriesEntry};
use crate::batch::{get_exemplar, get_metadata};
use crate::codec::{Cursor, LabelsDecoder, Malformed, get_times, get_values};
use crate::head::milliseconds_of;

/// An open part.
pub(crate) struct PartReader {
    file: Box<dyn File>,
    footer: Footer,
    /// For each kind, the positions of its pages in the footer.
    kinds: [Vec<u32>; PageKind::ALL.len()],
    cache: Arc<PageCache>,
    day_start_ms: i64,
}

impl PartReader {
    /// Opens a part and checks its frame; pages are checked when they are read.
    pub(crate) fn open(
        fs: &dyn Fs,
        path: &Path,
        cache: &Arc<PageCache>,
    ) -> Result<Self, PartError> {
        Self::of_file(fs.open(path)?, cache)
    }

    fn of_file(file: Box<dyn File>, cache: &Arc<PageCache>) -> Result<Self, PartError> {
        let footer = Footer::read(&*file)?;
        let mut kinds: [Vec<u32>; PageKind::ALL.len()] = Default::default();
        for (position, page) in footer.pages.iter().enumerate() {
            kinds[page.kind as usize - 1].push(position as u32);
        }
        let directory = kinds[PageKind::Series as usize - 1].len();
        if directory != footer.series.div_ceil(SERIES_PER_PAGE) as usize {
            return Err(PartError::Damaged("its directory has another number of pages".to_owned()));
        }
        let day_start_ms = *milliseconds_of(footer.description.day).start();
        Ok(PartReader { file, footer, kinds, cache: cache.clone(), day_start_ms })
    }

    pub(crate) fn description(&self) -> &PartDescription {
        &self.footer.description
    }

    pub(super) fn footer(&self) -> &Footer {
        &self.footer
    }

    /// Whether there may be samples between these instants.
    pub(crate) fn overlaps(&self, start_ms: i64, end_ms: i64) -> bool {
        let Footer { min_ms, max_ms, .. } = self.footer;
        start_ms.max(min_ms) <= end_ms.min(max_ms)
    }

    /// Whether there may be exemplars between these instants.
    pub(crate) fn may_have_exemplars(&self, start_ms: i64, end_ms: i64) -> bool {
        let day = milliseconds_of(self.footer.description.day);
        let has_any = !self.kinds[PageKind::Exemplars as usize - 1].is_empty();
        has_any && *day.start() <= end_ms && start_ms <= *day.end()
    }

    /// A page of a kind.
    pub(super) fn page(&self, kind: PageKind, number: u32) -> Result<Arc<[u8]>, PartError> {
        let position = self.kinds[kind as usize - 1].get(number as usize);
        let position = *position.ok_or_else(|| damaged(kind, number, "it is missing"))?;
        let key = (self.footer.description.id, position);
        if let Some(page) = self.cache.get(key) {
            return Ok(page);
        }
        let page = self.read_page(&self.footer.pages[position as usize], number)?;
        self.cache.put(key, page.clone());
        Ok(page)
    }

    fn read_page(&self, page: &Page, number: u32) -> Result<Arc<[u8]>, PartError> {
        let wrong = |what: &str| damaged(page.kind, number, what);
        if page.len > PAGE_BYTES_MAX || page.stored_len > page.len {
            return Err(wrong("its length is not possible"));
        }
        let mut stored = vec![0; page.stored_len as usize];
        // The disk may fail for a moment only; a second attempt spares a query.
        let read = self
            .file
            .read_exact_at(&mut stored, page.offset)
            .or_else(|_| self.file.read_exact_at(&mut stored, page.offset));
        match read {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                return Err(wrong("the file ends before it"));
            }
            read => read?,
        }
        if crc32c(&stored) != page.crc {
            return Err(wrong("its checksum does not fit"));
        }
        if page.stored_len == page.len {
            return Ok(stored.into());
        }
        let bytes = zstd::bulk::decompress(&stored, page.len as usize);
        let bytes = bytes.ok().filter(|bytes| bytes.len() == page.len as usize);
        bytes.map(Arc::from).ok_or_else(|| wrong("it does not decompress"))
    }

    /// How many pages the directory has.
    pub(crate) fn series_pages(&self) -> u32 {
        self.footer.series.div_ceil(SERIES_PER_PAGE)
    }

    /// The entries of a page of the directory that `wanted` names, counted within the page.
    fn entries(
        &self,
        number: u32,
        wanted: &mut dyn FnMut(u32) -> bool,
    ) -> Result<Vec<SeriesEntry>, PartError> {
        let page = self.page(PageKind::Series, number)?;
        let count = (self.footer.series - number * SERIES_PER_PAGE).min(SERIES_PER_PAGE);
        let mut read = || -> Result<Vec<SeriesEntry>, Malformed> {
            let mut cursor = Cursor::new(&page);
            let mut labels = LabelsDecoder::default();
            let mut entries = Vec::new();
            for position in 0..count {
                labels.advance(&mut cursor)?;
                let (exemplars, blocks) = self.entry(&mut cursor)?;
                if wanted(position) {
                    entries.push(SeriesEntry { labels: labels.labels()?, blocks, exemplars });
                }
            }
            Ok(entries)
        };
        read().map_err(|error| damaged(PageKind::Series, number, error.0))
    }

    #[expect(clippy::type_complexity, reason = "two fields of one struct")]
    fn entry(
        &self,
        cursor: &mut Cursor<'_>,
    ) -> Result<(Option<(Place, u32)>, Vec<Block>), Malformed> {
        let exemplars = match number(cursor)? {
            0 => None,
            count => Some((place(cursor)?, count)),
        };
        let mut blocks = Vec::new();
        for _ in 0..cursor.count()? {
            let (times, values, count) = (place(cursor)?, place(cursor)?, number(cursor)?);
            let first_ms = self.day_start_ms.wrapping_add(cursor.ivarint()?);
            let last_ms = first_ms.wrapping_add(cursor.uvarint()? as i64);
            blocks.push(Block { times, values, count, first_ms, last_ms });
        }
        Ok((exemplars, blocks))
    }

    /// All entries of a page of the directory.
    pub(crate) fn series_page(&self, number: u32) -> Result<Vec<SeriesEntry>, PartError> {
        self.entries(number, &mut |_| true)
    }

    /// The entries of some series, given sorted; `visit` may stop with an error of its own.
    pub(crate) fn each_series<E: From<PartError>>(
        &self,
        series: &[u32],
        mut visit: impl FnMut(SeriesEntry) -> Result<(), E>,
    ) -> Result<(), E> {
        for of_page in series.chunk_by(|a, b| a / SERIES_PER_PAGE == b / SERIES_PER_PAGE) {
            let page = of_page[0] / SERIES_PER_PAGE;
            let mut next = of_page.iter().map(|series| series % SERIES_PER_PAGE).peekable();
            let entries = self.entries(page, &mut |position| {
                next.next_if(|wanted| *wanted == position).is_some()
            })?;
            entries.into_iter().try_for_each(&mut visit)?;
        }
        Ok(())
    }

    /// The exemplars of a series, in order of time.
    pub(crate) fn exemplars(&self, entry: &SeriesEntry) -> Result<Vec<Exemplar>, PartError> {
        let Some((place, count)) = entry.exemplars else { return Ok(Vec::new()) };
        let page = self.page(PageKind::Exemplars, place.page)?;
        let mut cursor = Cursor::at(&page, u64::from(place.offset));
        let mut own = LabelsDecoder::default();
        let exemplars = (0..count).map(|_| get_exemplar(&mut own, &mut cursor));
        let exemplars: Result<_, Malformed> = exemplars.collect();
        exemplars.map_err(|error| damaged(PageKind::Exemplars, place.page, error.0))
    }

    /// What the part knows about metric families.
    pub(crate) fn metadata(&self) -> Result<Vec<(String, Metadata)>, PartError> {
        let mut all = Vec::new();
        for number in 0..self.kinds[PageKind::Metadata as usize - 1].len() as u32 {
            let page = self.page(PageKind::Metadata, number)?;
            let mut cursor = Cursor::new(&page);
            while !cursor.is_empty() {
                let metadata = get_metadata(&mut cursor);
                all.push(metadata.map_err(|e| damaged(PageKind::Metadata, number, e.0))?);
            }
        }
        Ok(all)
    }
}

fn number(cursor: &mut Cursor<'_>) -> Result<u32, Malformed> {
    u32::try_from(cursor.uvarint()?).map_err(|_| Malformed("a number has more than 32 bits"))
}

fn place(cursor: &mut Cursor<'_>) -> Result<Place, Malformed> {
    Ok(Place { page: number(cursor)?, offset: number(cursor)? })
}

fn damaged(kind: PageKind, number: u32, what: &str) -> PartError {
    PartError::Damaged(format!("page {number} of its {kind:?} cannot be read: {what}"))
}

/// Reads the samples of series after series; what neighbours share is decoded once.
pub(crate) struct SampleReader<'a> {
    part: &'a PartReader,
    columns: HashMap<Place, Arc<[i64]>>,
}

/// So many columns of timestamps are remembered.
const COLUMNS_MAX: usize = 512;

impl<'a> SampleReader<'a> {
    pub(crate) fn new(part: &'a PartReader) -> Self {
        SampleReader { part, columns: HashMap::new() }
    }

    /// Adds the samples of a series between two instants to `out`.
    pub(crate) fn read(
        &mut self,
        entry: &SeriesEntry,
        range_ms: &RangeInclusive<i64>,
        out: &mut Vec<Sample>,
    ) -> Result<(), PartError> {
        for block in &entry.blocks {
            if block.first_ms > *range_ms.end() || block.last_ms < *range_ms.start() {
                continue;
            }
            let times = self.column(block.times)?;
            let Place { page: number, offset } = block.values;
            let wrong = |what| damaged(PageKind::Values, number, what);
            if times.len() != block.count as usize {
                return Err(wrong("a block has another number of timestamps"));
            }
            let page = self.part.page(PageKind::Values, number)?;
            let mut cursor = Cursor::at(&page, u64::from(offset));
            let values = get_values(&mut cursor, times.len()).map_err(|error| wrong(error.0))?;
            let start = times.partition_point(|t_ms| t_ms < range_ms.start());
            let end = times.partition_point(|t_ms| t_ms <= range_ms.end());
            let pairs = times[start..end].iter().zip(&values[start..end]);
            out.extend(pairs.map(|(t_ms, value)| Sample { t_ms: *t_ms, value: *value }));
        }
        Ok(())
    }

    fn column(&mut self, place: Place) -> Result<Arc<[i64]>, PartError> {
        if let Some(column) = self.columns.get(&place) {
            return Ok(column.clone());
        }
        let page = self.part.page(PageKind::Times, place.page)?;
        let mut cursor = Cursor::at(&page, u64::from(place.offset));
        let column = get_times(&mut cursor);
        let column = column.map_err(|error| damaged(PageKind::Times, place.page, error.0))?;
        if self.columns.len() == COLUMNS_MAX {
            self.columns.clear();
        }
        Ok(self.columns.entry(place).or_insert(column.into()).clone())
    }
}

/// Reads everything in a part and says how many samples it has.
pub(crate) fn check_part(file: Box<dyn File>) -> Result<u64, PartError> {
    let part = PartReader::of_file(file, &Arc::new(PageCache::new(1 << 20)))?;
    let mut samples = Vec::new();
    let mut reader = SampleReader::new(&part);
    let mut count = 0;
    for page in 0..part.series_pages() {
        for entry in part.series_page(page)? {
            samples.clear();
            reader.read(&entry, &(i64::MIN..=i64::MAX), &mut samples)?;
            count += samples.len() as u64;
            part.exemplars(&entry)?;
        }
    }
    part.metadata()?;
    for name in crate::index::LabelIndex::names(&part) {
        crate::index::LabelIndex::each_value(&part, name, &mut |_, _| ())?;
    }
    Ok(count)
}
