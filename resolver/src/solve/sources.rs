//! The parts of a graph that nothing else leads to.

/// By node: whether it belongs to a strongly connected part that no other part has an edge to. O(nodes and edges).
pub(super) fn sources(edges: &[Vec<u32>]) -> Vec<bool> {
    let count = edges.len();
    let mut order: Vec<u32> = Vec::with_capacity(count);
    let mut seen = vec![false; count];
    for start in 0..count as u32 {
        if std::mem::replace(&mut seen[start as usize], true) {
            continue;
        }
        let mut path = vec![(start, 0)];
        while let Some((node, next)) = path.last_mut() {
            match edges[*node as usize].get(*next) {
                Some(other) => {
                    *next += 1;
                    if !std::mem::replace(&mut seen[*other as usize], true) {
                        path.push((*other, 0));
                    }
                }
                None => {
                    order.push(*node);
                    path.pop();
                }
            }
        }
    }
    let mut back: Vec<Vec<u32>> = vec![Vec::new(); count];
    for (node, ends) in edges.iter().enumerate() {
        ends.iter().for_each(|end| back[*end as usize].push(node as u32));
    }
    // Backwards from the last one finished, a part is all that is reached and not in a part yet.
    let mut part = vec![u32::MAX; count];
    let mut is_source = vec![true; count];
    for (number, start) in order.iter().rev().enumerate() {
        if part[*start as usize] != u32::MAX {
            continue;
        }
        part[*start as usize] = number as u32;
        let mut todo = vec![*start];
        while let Some(node) = todo.pop() {
            for before in &back[node as usize] {
                match part[*before as usize] {
                    u32::MAX => {
                        part[*before as usize] = number as u32;
                        todo.push(*before);
                    }
                    other if other != number as u32 => is_source[number] = false,
                    _ => {}
                }
            }
        }
    }
    part.iter().map(|number| is_source[*number as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::sources;

    #[test]
    fn only_what_nothing_else_leads_to() {
        let chain = vec![vec![1], vec![2], vec![]];
        assert_eq!(sources(&chain), [true, false, false]);
        let ring_and_tail = vec![vec![1], vec![0, 2], vec![], vec![]];
        assert_eq!(sources(&ring_and_tail), [true, true, false, true]);
        let into_a_ring = vec![vec![1], vec![2], vec![1]];
        assert_eq!(sources(&into_a_ring), [true, false, false]);
        assert!(sources(&[]).is_empty());
    }
}
