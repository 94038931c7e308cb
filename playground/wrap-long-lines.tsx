/** Wraps long lines in the editors of a tab, as the answer's pane already does: comments and texts are read, not scrolled. */
import { useGraphiQL } from '@graphiql/react';
import { useEffect } from 'react';

export function WrapLongLines() {
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  useEffect(() => {
    for (const editor of [queryEditor, variableEditor]) {
      editor?.updateOptions({ wordWrap: 'on', wrappingIndent: 'same' });
    }
  }, [queryEditor, variableEditor]);
  return null;
}
