// Types of what preact-htm.js exports: as much as the screens need, so that contributors install nothing to check them.

export type Child = unknown;
export type VNode = { type: unknown; props: Record<string, unknown>; key: unknown };
export type Component<P = Record<string, unknown>> = (props: P) => Child;
export type Ref<T> = { current: T };
export type Context<T> = { Provider: Component<{ value: T; children?: Child }> };

export function h(type: unknown, props: Record<string, unknown> | null, ...children: Child[]): VNode;
export function html(strings: TemplateStringsArray, ...values: unknown[]): VNode;
export function render(node: Child, root: Element | DocumentFragment): void;
export const Fragment: Component<{ children?: Child }>;
export function createContext<T>(value: T): Context<T>;
export function useState<T>(initial: T | (() => T)): [T, (next: T | ((now: T) => T)) => void];
export function useReducer<S, A>(step: (state: S, action: A) => S, initial: S): [S, (action: A) => void];
export function useEffect(run: () => void | (() => void), inputs?: readonly unknown[]): void;
export function useLayoutEffect(run: () => void | (() => void), inputs?: readonly unknown[]): void;
export function useRef<T>(initial: T): Ref<T>;
export function useMemo<T>(make: () => T, inputs: readonly unknown[]): T;
export function useCallback<T>(callback: T, inputs: readonly unknown[]): T;
export function useContext<T>(context: Context<T>): T;
