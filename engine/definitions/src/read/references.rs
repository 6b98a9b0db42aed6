//! Which of several things comes first when some need others.

/// One needs another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    /// By which its finder knows it.
    pub(super) index: usize,
}

/// Things that need each other.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Circle {
    /// From one back to itself.
    pub(super) path: Vec<usize>,
    /// The last link of the path.
    pub(super) closed_by: usize,
}

/// See [`arrange`].
#[derive(Debug, Default)]
pub(super) struct Arranged {
    pub(super) order: Vec<usize>,
    pub(super) circles: Vec<Circle>,
}

#[derive(Clone, Copy, PartialEq)]
enum Seen {
    Not,
    OnPath,
    Done,
}

/// Things 0 to `count`, each behind those it needs, and a circle for each link that closes one. Walks in
/// depth without recursion: a chain may be as long as there are things.
pub(super) fn arrange(count: usize, links: &[Link]) -> Arranged {
    let mut needs: Vec<Vec<Link>> = vec![Vec::new(); count];
    for link in links {
        if let Some(needed) = needs.get_mut(link.from) {
            needed.push(*link);
        }
    }
    let (mut arranged, mut seen) = (Arranged::default(), vec![Seen::Not; count]);
    for start in 0..count {
        let mut path = vec![(start, 0)];
        if seen[start] != Seen::Not {
            continue;
        }
        seen[start] = Seen::OnPath;
        while let Some((thing, next)) = path.pop() {
            let Some(link) = needs[thing].get(next) else {
                seen[thing] = Seen::Done;
                arranged.order.push(thing);
                continue;
            };
            path.push((thing, next + 1));
            match seen.get(link.to) {
                Some(Seen::Not) => {
                    seen[link.to] = Seen::OnPath;
                    path.push((link.to, 0));
                }
                Some(Seen::OnPath) => {
                    let on_path = path.iter().map(|(thing, _)| *thing).skip_while(|thing| *thing != link.to);
                    let path = on_path.chain([link.to]).collect();
                    arranged.circles.push(Circle { path, closed_by: link.index });
                }
                _ => {}
            }
        }
    }
    arranged
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn links(pairs: &[(usize, usize)]) -> Vec<Link> {
        pairs.iter().enumerate().map(|(index, (from, to))| Link { from: *from, to: *to, index }).collect()
    }

    #[test]
    fn a_circle_is_told_whole() {
        let arranged = arrange(4, &links(&[(0, 1), (1, 2), (2, 1), (3, 3)]));
        let circle = |path: &[usize], closed_by| Circle { path: path.to_vec(), closed_by };
        assert_eq!(arranged.circles, [circle(&[1, 2, 1], 2), circle(&[3, 3], 3)]);
        let long: Vec<(usize, usize)> = (0..100_000).map(|thing| (thing, (thing + 1) % 100_000)).collect();
        assert_eq!(arrange(100_000, &links(&long)).circles[0].path.len(), 100_001);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn without_circles_each_stands_behind_what_it_needs(pairs in prop::collection::vec((0_usize..12, 0_usize..12), 0..30)) {
            let down: Vec<(usize, usize)> = pairs.iter().filter(|(from, to)| from > to).copied().collect();
            let arranged = arrange(12, &links(&down));
            prop_assert!(arranged.circles.is_empty());
            let place = |thing| arranged.order.iter().position(|other| *other == thing).unwrap();
            prop_assert!(down.iter().all(|(from, to)| place(*from) > place(*to)));
            let up = links(&pairs);
            let reaches = |from: usize, to: usize| {
                let mut reached = BTreeSet::new();
                for _ in 0..12 {
                    let from_here = |link: &&Link| link.from == from || reached.contains(&link.from);
                    let next: Vec<usize> = up.iter().filter(from_here).map(|link| link.to).collect();
                    reached.extend(next);
                }
                reached.contains(&to)
            };
            let circular = (0..12).any(|thing| reaches(thing, thing));
            prop_assert_eq!(arrange(12, &up).circles.is_empty(), !circular);
        }
    }
}
